using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests.Phases;

/// <summary>
/// Nodes that share one embedded store and a real Redis, against one node that has such a store to itself; then the same without
/// Redis. All in this process: what sharing costs, without a database server's own cost.
/// </summary>
internal sealed class NodesPhase : ILoadPhase
{
    public string Name => "nodes";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        var settings = bench.Settings;
        var alone = await bench.LoopAsync(bench.Scenarios.Scan, cancellationToken);
        await using var nodes = await SharedNodes.StartAsync(settings, bench.City, cancellationToken);
        await using var callers = new Callers(nodes.Addresses, settings.Stations);
        var scan = new CityScenarios(bench.City, callers).Scan;
        var with = await LoopAsync(scan with { Name = $"scan, {settings.Nodes} nodes" });
        var spread = await Spreading.MeasureAsync("change seen elsewhere", nodes.Addresses, cancellationToken);
        await nodes.StopRedisAsync();
        var without = await LoopAsync(scan with { Name = "scan, Redis down" });
        var spreadWithout = await Spreading.MeasureAsync("change seen, Redis down", nodes.Addresses, cancellationToken);
        return
        [
            new LoadRow(with, "of one node on SQLite", with.PerSecond / alone.PerSecond, Aim.Least(0.5)),
            new LoadRow(without, "of with Redis", without.PerSecond / with.PerSecond, Aim.Least(1.0 / 3)),
            new LoadRow(spread, "ms, its p99", spread.P99Ms, Aim.Most(1_000)),
            new LoadRow(spreadWithout, "ms, its p99", spreadWithout.P99Ms, Aim.Most(1_000)),
        ];

        Task<Measurement> LoopAsync(LoadScenario scenario) => ClosedLoop.RunAsync(scenario, settings.Callers, TimeSpan.FromSeconds(10), settings.Window, null, cancellationToken);
    }
}
