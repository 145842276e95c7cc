using System.CommandLine;
using GasTrace.Cli.Connecting;
using GasTrace.Domain.Deciding;
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
        var from = CommonOptions.RequiredText("--from", Language.Of("复制来源：sqlite:目录。其服务须已停止。", "What to copy: sqlite:FOLDER. Its server must not run."));
        var to = CommonOptions.RequiredText("--to", Language.Of("复制去向：sqlserver:连接串，或 sqlserver:@存有连接串的文件。数据库须已存在且为空，或存有同一份未完成的复制。", "Where to: sqlserver:CONNECTION-STRING, or sqlserver:@FILE that holds one. The database must exist and be empty, or hold the same copy unfinished."));
        var json = CommonOptions.Json();
        var command = new Command("copy", Language.Of("把账本复制到另一存储，以计数和哈希核对。中断后用同一命令继续。", "Copy a ledger into another store, verified by counting and by hash. Cut off, the same command goes on where it was.")) { from, to, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            var folder = After(FromPrefix, "--from", result.GetValue(from)!);
            var options = new SqlServerOptions(ReadConnection(After(ToPrefix, "--to", result.GetValue(to)!))) { Deadline = TimeSpan.FromMinutes(1) };
            await using var source = await SqliteLedgerSource.OpenAsync(new SqliteOptions(folder));
            await using var target = await SqlServerLedgerTarget.OpenAsync(options, cancellationToken);
            LedgerDigest? copied = null;
            await AnsiConsole.Status().StartAsync(Language.Of("正在复制", "copying"), async status =>
                copied = await LedgerCopy.RunAsync(
                    source, target, new Progress<(Bilingual Doing, long Rows)>(said => status.Status($"{Language.Of(said.Doing)}: {said.Rows}")), cancellationToken));
            Console.WriteLine(result.GetValue(json)
                ? ReportJson.Of(copied!)
                : Language.Of(
                    $"已复制 {copied!.Entries} 条记录、{copied.Cards} 张卡片和 {copied.Claims} 个占用键，并在两侧重读核对，哈希 {copied.Hash}。请把 '{folder}' 的主密钥（master.key 的 base64）交给各节点：许可与终端密钥继续有效。查询表由首个节点重建。",
                    $"{copied.Entries} entries, {copied.Cards} cards and {copied.Claims} claims copied and read again on both sides, hash {copied.Hash}. Give the nodes the master key of '{folder}' (base64 of master.key): permits and terminals' keys hold on. The typed tables are made again by the first node."));
            return 0;
        });
        return command;
    }

    private static string After(string prefix, string option, string value) => value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && value.Length > prefix.Length
        ? value[prefix.Length..]
        // A connection string may hold a password: it is not repeated.
        : throw new FormatException(Language.Of($"{option}：须以 {prefix} 开头", $"{option}: must begin with {prefix}"));

    private static string ReadConnection(string text) => text.StartsWith('@') ? File.ReadAllText(text[1..]).Trim() : text;
}
