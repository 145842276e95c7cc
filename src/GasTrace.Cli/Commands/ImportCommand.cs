using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Cli.Importing;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace import</c>: a register of cylinders from a table.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = $"Table of cylinders (CSV, UTF-8 or GB18030) with columns named in Chinese or in English: {CylinderColumns.Names}." };
        var importId = CommonOptions.Text("--import-id", "UUID of an import that broke off, to send it again. A new one unless given.");
        var actor = CommonOptions.Actor();
        var server = ServerConnection.Option();
        var json = CommonOptions.Json();
        var command = new Command("import", "Register the cylinders of a table. Bad rows are reported with line, column and rule; the others go in.")
        {
            file, importId, actor, server, json,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var connection = new ServerConnection(result.GetValue(server)!);
            var path = result.GetValue(file)!.FullName;
            var id = result.GetValue(importId) is { Length: > 0 } given ? given : CommonOptions.NewRequestId();
            await Console.Error.WriteLineAsync($"Import {id}: to repeat it after a break, add --import-id {id}");
            var importer = new CylinderImporter(connection.Registry, result.GetValue(actor)!) { Answered = Progress(result.GetValue(json)) };
            await importer.RunAsync(id, CsvFile.Read(path), cancellationToken);
            Print(importer, result.GetValue(json));
            return importer.Bad.Count == 0 ? 0 : Tool.Failed;
        });
        return command;
    }

    private static Progress<int>? Progress(bool quiet) => quiet || Console.IsErrorRedirected ? null : new Progress<int>(rows => Console.Error.Write($"\r{rows} rows"));

    private static void Print(CylinderImporter importer, bool json)
    {
        if (json)
        {
            Console.WriteLine(ReportJson.Of(new ImportSummary(importer.Registered, [.. importer.Bad.OrderBy(row => row.Line)])));
            return;
        }

        if (importer.Bad.Count > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("行 line", "列 column", "规则 rule");
            foreach (var row in importer.Bad.OrderBy(row => row.Line))
            {
                table.AddRow($"{row.Line}", Markup.Escape(row.Column), Markup.Escape(row.Rule));
            }

            AnsiConsole.Write(table);
        }

        Console.WriteLine($"{importer.Registered} registered, {importer.Bad.Count} not.");
    }
}

/// <summary>What became of an import.</summary>
/// <param name="Registered">Rows registered.</param>
/// <param name="Bad">Rows that were not.</param>
internal sealed record ImportSummary(int Registered, IReadOnlyList<BadRow> Bad);
