using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.Ledger.Tailing;
using GasTrace.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace GasTrace.LoadTests;

/// <summary>One run: a store with its register, a node on it, the baselines and the scenarios one after the other, the books.</summary>
internal sealed class LoadRun(LoadSettings settings)
{
    private const int RawBatch = 256;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private readonly Register register = new(settings.Cylinders, settings.Stations, Math.Max(1, settings.Callers / settings.Stations));

    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = await OneNodeAsync(cancellationToken);
        return settings.Nodes == 0 ? report : await WithNodesAsync(report, cancellationToken);
    }

    private async Task<LoadReport> OneNodeAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gastrace-load-");
        try
        {
            await PrepareAsync(folder.FullName, cancellationToken);
            var opened = TimeProvider.System.GetTimestamp();
            await using var node = await GasTraceNode.StartAsync(GasTraceOptions.OnSqlite(folder.FullName) with { Port = 0 }, cancellationToken);
            Say($"Serving after {TimeProvider.System.GetElapsedTime(opened).TotalSeconds:F2} s.");
            await using var scenarios = new Scenarios([node.Address], register);
            return await MeasureAsync(folder.FullName, scenarios, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Several nodes on a store in memory with a real Redis, against the one node on SQLite; then the same without Redis.
    private async Task<LoadReport> WithNodesAsync(LoadReport report, CancellationToken cancellationToken)
    {
        Say($"{settings.Nodes} nodes …");
        await using var nodes = await SharedNodes.StartAsync(settings.Nodes, register, cancellationToken);
        await using var scenarios = new Scenarios(nodes.Addresses, new Register(settings.Cylinders, settings.Stations, Math.Max(1, settings.Callers / settings.Stations)));
        var with = await LoopAsync($"scan, {settings.Nodes} nodes", "calls", scenarios.ScanAsync);
        var spread = await Spreading.MeasureAsync("seen elsewhere", nodes.Addresses, cancellationToken);
        await nodes.StopRedisAsync();
        var without = await LoopAsync("the same, Redis down", "calls", scenarios.ScanAsync);
        var spreadWithout = await Spreading.MeasureAsync("the same, Redis down", nodes.Addresses, cancellationToken);
        var alone = report.Rows.FirstOrDefault(row => row.Measured.Name == "scan")?.Measured;
        return report with
        {
            Rows = [.. report.Rows, alone is null ? new LoadRow(with, string.Empty, 0) : Against(with, alone), Against(without, with), new LoadRow(spread, string.Empty, 0), new LoadRow(spreadWithout, string.Empty, 0)],
        };
    }

    // A prepared store is copied, so that every run begins with the same one.
    private async Task PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        var prepared = settings.Prepared is { } kept ? Path.Combine(kept, $"{settings.Cylinders}x{settings.Stations}x{settings.Callers}") : folder;
        if (!File.Exists(Path.Combine(prepared, "ledger.db")))
        {
            Say($"Registering {settings.Cylinders:N0} cylinders …");
            var options = new SqliteOptions(prepared);
            await using var store = SqliteLedgerStore.Open(options);
            await register.WriteAsync(store, new Progress<int>(), cancellationToken);
            await using var projections = SqliteProjectionStore.Open(options);
            var reader = new LedgerReader(store, new LedgerTail(await store.GetHeadAsync(cancellationToken)));
            await new Projector(store, reader, projections, TimeProvider.System, NullLogger<Projector>.Instance).CatchUpAsync(null, cancellationToken);
        }

        foreach (var file in prepared == folder ? [] : Directory.GetFiles(prepared, "*.db"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private async Task<LoadReport> MeasureAsync(string folder, Scenarios scenarios, CancellationToken cancellationToken)
    {
        var head = await scenarios.ProjectedAsync(cancellationToken);
        List<LoadRow> rows = [];
        Say("Baselines …");
        var health = await LoopAsync("health check", "calls", scenarios.HealthAsync);
        var inserts = RawInserts.Run(folder, settings.Cylinders, RawBatch, 420, 300, settings.Window);
        foreach (var name in settings.Scenarios)
        {
            Say(name + " …");
            if (name == "scan")
            {
                var scan = await LoopAsync("scan", "calls", scenarios.ScanAsync);
                rows.Add(Against(scan, health));
                rows.Add(new LoadRow(await OpenLoop.RunAsync("scan at a third", "calls", scan.PerSecond / 3, WarmUp, settings.Window, scenarios.ScanAsync), string.Empty, 0));
                continue;
            }

            rows.Add(name switch
            {
                "cycle" => Against(await LoopAsync("cycle", "entries", scenarios.CycleAsync), health),
                "station" => Against(await LoopAsync("station", "entries", scenarios.StationAsync), inserts),
                _ => new LoadRow(await scenarios.FollowAsync(cancellationToken), string.Empty, 0),
            });
        }

        Say("Books …");
        var (permits, refusals, ended) = await scenarios.CountAsync(head, cancellationToken);
        // A call cut off at the end of a phase may have been recorded without its answer being heard.
        var unheard = permits + refusals - scenarios.Permits - scenarios.Refusals;
        var balance = permits >= scenarios.Permits && refusals >= scenarios.Refusals && ended <= permits && unheard <= settings.Callers * settings.Scenarios.Count;
        return new LoadReport(
            settings.Cylinders, settings.Callers, settings.Window.TotalSeconds, Environment.ProcessorCount, [health, inserts], rows, balance,
            $"{permits:N0} permits and {refusals:N0} refusals in the ledger, {scenarios.Permits:N0} and {scenarios.Refusals:N0} answered, {unheard} cut off, {ended:N0} permits ended");
    }

    private Task<Measurement> LoopAsync(string name, string unit, Func<int, CancellationToken, Task<int>> call) =>
        ClosedLoop.RunAsync(name, unit, settings.Callers, WarmUp, settings.Window, call);

    private static LoadRow Against(Measurement measured, Measurement baseline) => new(measured, baseline.Name, measured.PerSecond / baseline.PerSecond);

    private static void Say(string text) => Console.Error.WriteLine(text);
}
