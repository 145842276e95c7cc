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
        var file = new Argument<FileInfo>("file") { Description = Language.Of($"气瓶表（CSV，UTF-8 或 GB18030），列名用中文或英文：{CylinderColumns.Names}。", $"Table of cylinders (CSV, UTF-8 or GB18030) with columns named in Chinese or in English: {CylinderColumns.Names}.") };
        var importId = CommonOptions.Text("--import-id", Language.Of("中断的导入的 UUID，用于重发。不给则新建。", "UUID of an import that broke off, to send it again. A new one unless given."));
        var actor = CommonOptions.Actor();
        var server = ServerConnection.Option();
        var json = CommonOptions.Json();
        var command = new Command("import", Language.Of("登记表格中的气瓶。有误的行按行号、列和规则列出，其余照常登记。", "Register the cylinders of a table. Bad rows are reported with line, column and rule; the others go in."))
        {
            file, importId, actor, server, json,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var connection = new ServerConnection(result.GetValue(server)!);
            var path = result.GetValue(file)!.FullName;
            var id = result.GetValue(importId) is { Length: > 0 } given ? given : CommonOptions.NewRequestId();
            await Console.Error.WriteLineAsync(Language.Of($"导入 {id}：如中断，重发时加 --import-id {id}", $"Import {id}: to repeat it after a break, add --import-id {id}"));
            var importer = new CylinderImporter(connection.Registry, result.GetValue(actor)!)
            {
                Answered = Progress(result.GetValue(json)),
                ColumnsIgnored = names => Console.Error.WriteLine(Language.Of($"忽略的列：{string.Join("、", names)}", $"Columns that are ignored: {string.Join(", ", names)}")),
            };
            await importer.RunAsync(id, CsvFile.Read(path), cancellationToken);
            Print(importer, result.GetValue(json));
            return importer.Bad.Count == 0 ? 0 : Tool.Failed;
        });
        return command;
    }

    private static Progress<int>? Progress(bool quiet) => quiet || Console.IsErrorRedirected ? null : new Progress<int>(rows => Console.Error.Write(Language.Of($"\r{rows} 行", $"\r{rows} rows")));

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

        Console.WriteLine(Language.Of($"已登记 {importer.Registered} 行，未登记 {importer.Bad.Count} 行。", $"{importer.Registered} registered, {importer.Bad.Count} not."));
    }
}

/// <summary>What became of an import.</summary>
/// <param name="Registered">Rows registered.</param>
/// <param name="Bad">Rows that were not.</param>
internal sealed record ImportSummary(int Registered, IReadOnlyList<BadRow> Bad);
