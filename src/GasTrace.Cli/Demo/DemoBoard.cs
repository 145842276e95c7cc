using GasTrace.Cli.Connecting;
using Spectre.Console;

namespace GasTrace.Cli.Demo;

/// <summary>The live counters.</summary>
internal sealed class DemoBoard(DemoTally tally, Books books, ServerConnection connection)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    private long scansBefore;

    public Task ShowUntilAsync(Task work, CancellationToken cancellationToken) => AnsiConsole.Live(new Text("…")).StartAsync(async live =>
    {
        while (!work.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(work, Task.Delay(Refresh, CancellationToken.None));
            var head = await Demonstration.HeadAsync(connection, CancellationToken.None);
            live.UpdateTarget(Draw(head));
        }
    });

    private Table Draw(long head)
    {
        var scans = tally.Scans;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "");
        table.AddRow("扫码 scans", Language.Of($"{scans:N0}（每秒 {(scans - scansBefore) / Refresh.TotalSeconds:N0}）", $"{scans:N0} ({(scans - scansBefore) / Refresh.TotalSeconds:N0} a second)"));
        table.AddRow("许可 permits", $"{tally.Permits:N0}");
        table.AddRow("充装 fills", Language.Of($"{tally.Completed:N0}，其中违规 {tally.Violations:N0}", $"{tally.Completed:N0}, {tally.Violations:N0} with violations"));
        table.AddRow("拒绝 refusals", string.Join(", ", tally.Refusals.OrderByDescending(pair => pair.Value).Take(5).Select(pair => $"{pair.Key} {pair.Value:N0}")));
        table.AddRow("时延 latency", $"p50 {tally.LatencyMs(50):F1} ms, p99 {tally.LatencyMs(99):F1} ms, p99.9 {tally.LatencyMs(99.9):F1} ms");
        table.AddRow("监管 follower", Language.Of($"{head:N0} 条记录中的 {books.Next:N0} 条，落后 {Math.Max(0, head - books.Next):N0} 条", $"{books.Next:N0} of {head:N0} entries, {Math.Max(0, head - books.Next):N0} behind"));
        scansBefore = scans;
        return table;
    }
}
