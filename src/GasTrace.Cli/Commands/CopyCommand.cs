using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Ledger.Moving;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.SqlServer;
using GasTrace.Ledger.SqlServer.Moving;
using Spectre.Console;

namespace GasTrace.Cli.Commands;

/// <summary><c>gastrace copy</c>: a station or a pilot city that began on the embedded store grows without losing a record.</summary>
internal static class CopyCommand
{
    private const string FromPrefix = "sqlite:";
    private const string ToPrefix = "sqlserver:";

    public static Command Create()
    {
        var from = CommonOptions.RequiredText("--from", "What to copy: sqlite:FOLDER. Its server must not run.");
        var to = CommonOptions.RequiredText("--to", "Where to: sqlserver:CONNECTION-STRING, or sqlserver:@FILE that holds one. The database must exist and be empty, or hold the same copy unfinished.");
        var json = CommonOptions.Json();
        var command = new Command("copy", "Copy a ledger into another store, verified by counting and by hash. Cut off, the same command goes on where it was.") { from, to, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            var folder = After(FromPrefix, "--from", result.GetValue(from)!);
            var options = new SqlServerOptions(ReadConnection(After(ToPrefix, "--to", result.GetValue(to)!))) { Deadline = TimeSpan.FromMinutes(1) };
            await using var source = await SqliteLedgerSource.OpenAsync(new SqliteOptions(folder));
            await using var target = await SqlServerLedgerTarget.OpenAsync(options, cancellationToken);
            LedgerDigest? copied = null;
            await AnsiConsole.Status().StartAsync("copying", async status =>
                copied = await LedgerCopy.RunAsync(
                    source, target, new Progress<(string Doing, long Rows)>(said => status.Status($"{said.Doing}: {said.Rows}")), cancellationToken));
            Console.WriteLine(result.GetValue(json)
                ? ReportJson.Of(copied!)
                : $"{copied!.Entries} entries, {copied.Cards} cards and {copied.Claims} claims copied and read again on both sides, hash {copied.Hash}. Give the nodes the master key of '{folder}' (base64 of master.key): permits and terminals' keys hold on. The typed tables are made again by the first node.");
            return 0;
        });
        return command;
    }

    private static string After(string prefix, string option, string value) => value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && value.Length > prefix.Length
        ? value[prefix.Length..]
        // A connection string may hold a password: it is not repeated.
        : throw new FormatException($"{option}: must begin with {prefix}");

    private static string ReadConnection(string text) => text.StartsWith('@') ? File.ReadAllText(text[1..]).Trim() : text;
}
