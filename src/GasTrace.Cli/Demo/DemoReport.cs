using Spectre.Console;

namespace GasTrace.Cli.Demo;

/// <summary>How a demonstration went.</summary>
internal sealed record DemoReport
{
    public required int Stations { get; init; }

    public required int Cylinders { get; init; }

    public required double Seconds { get; init; }

    public required long Scans { get; init; }

    public required double ScansPerSecond { get; init; }

    public required long Permits { get; init; }

    public required long Refusals { get; init; }

    public required IReadOnlyDictionary<string, long> RefusalsByCode { get; init; }

    public required long Fills { get; init; }

    public required long Violations { get; init; }

    public required long Aborted { get; init; }

    public required long Expired { get; init; }

    public required long Open { get; init; }

    public required long Errors { get; init; }

    public required double LatencyP50Ms { get; init; }

    public required double LatencyP99Ms { get; init; }

    public required long LedgerEntries { get; init; }

    public required long FollowerEntries { get; init; }

    public required bool FollowerSawEverything { get; init; }

    public required bool BooksBalance { get; init; }

    public required bool AnswersMatchTheLedger { get; init; }

    public bool Succeeded => FollowerSawEverything && BooksBalance && AnswersMatchTheLedger && Errors == 0;

    public void Print()
    {
        var table = new Table().Border(TableBorder.Rounded).Title("GasTrace demo · 演示").AddColumns("", "");
        table.AddRow("城市 city", Language.Of($"{Stations} 个充装站，{Cylinders:N0} 只气瓶，{Seconds:F0} 秒", $"{Stations} stations, {Cylinders:N0} cylinders, {Seconds:F0} s"));
        table.AddRow("扫码 scans", Language.Of($"{Scans:N0}（每秒 {ScansPerSecond:N0}；p50 {LatencyP50Ms:F1} ms，p99 {LatencyP99Ms:F1} ms）", $"{Scans:N0} ({ScansPerSecond:N0} a second; p50 {LatencyP50Ms:F1} ms, p99 {LatencyP99Ms:F1} ms)"));
        table.AddRow("许可 permits", $"{Permits:N0}");
        table.AddRow("充装 fills", Language.Of($"{Fills:N0}，其中违规 {Violations:N0}", $"{Fills:N0}, {Violations:N0} with violations"));
        table.AddRow("拒绝 refusals", $"{Refusals:N0}");
        foreach (var (code, count) in RefusalsByCode.OrderByDescending(pair => pair.Value))
        {
            table.AddRow("", $"{code} {count:N0}");
        }

        table.AddRow("监管 follower", Language.Of($"{LedgerEntries:N0} 条记录中的 {FollowerEntries:N0} 条；全部收到：{Mark(FollowerSawEverything)}", $"{FollowerEntries:N0} of {LedgerEntries:N0} entries; saw every entry: {Mark(FollowerSawEverything)}"));
        table.AddRow("账目 books", Language.Of($"{Permits:N0} 许可 = {Fills:N0} 完成 + {Aborted:N0} 放弃 + {Expired:N0} 过期 + {Open:N0} 未结：{Mark(BooksBalance)}", $"{Permits:N0} permits = {Fills:N0} completed + {Aborted:N0} aborted + {Expired:N0} expired + {Open:N0} open: {Mark(BooksBalance)}"));
        table.AddRow("应答 answers", Language.Of($"每个应答都在账本中：{Mark(AnswersMatchTheLedger)}", $"every answer given is in the ledger: {Mark(AnswersMatchTheLedger)}"));
        table.AddRow("错误 errors", $"{Errors}");
        AnsiConsole.Write(table);
    }

    private static string Mark(bool held) => held ? "[green]yes 是[/]" : "[red]NO 否[/]";
}
