using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests.Phases;

/// <summary>
/// Scans, each answered after its commit, against the health check: how many, and how long they take at half and a third of that. And how
/// many an empty service answers: more than that, no service over this contract can.
/// </summary>
internal sealed class ScanPhase : ILoadPhase
{
    public string Name => "scan";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        var (scan, health, ratio) = await bench.CompareAsync(
            stop => bench.LoopAsync(bench.Scenarios.Scan, stop), stop => bench.LoopAsync(bench.Scenarios.Health, stop), measured => measured.PerSecond, cancellationToken);
        var (late, lateHealth, slower) = await bench.CompareAsync(
            stop => bench.OpenAsync("scan, at half its rate", bench.Scenarios.Scan, scan.PerSecond / 2, stop),
            stop => bench.OpenAsync("health check, at that rate", bench.Scenarios.Health, scan.PerSecond / 2, stop), measured => measured.P99Ms, cancellationToken);
        // Its aim is for a quiet machine: whether it is one, the health check says.
        var (third, thirdHealth, _) = await bench.CompareAsync(
            stop => bench.OpenAsync("scan, at a third of its rate", bench.Scenarios.Scan, scan.PerSecond / 3, stop),
            stop => bench.OpenAsync("health check, at a third", bench.Scenarios.Health, scan.PerSecond / 3, stop), measured => measured.P99Ms, cancellationToken);
        await using var plain = new Callers([bench.Node.Addresses.Plain], bench.Settings.Stations);
        var unserved = new CityScenarios(bench.City, plain);
        var empty = new LoadScenario("scan, empty service", "calls", async (meter, caller, stop) =>
        {
            await unserved.ScanAsync(meter, caller, Random.Shared.Next(bench.City.SoundCylinders), stop);
            return 1;
        });
        var (most, _, mostRatio) = await bench.CompareAsync(
            stop => bench.LoopAsync(empty, stop), stop => bench.LoopAsync(bench.Scenarios.Health, stop), measured => measured.PerSecond, cancellationToken);
        return
        [
            new LoadRow(health),
            new LoadRow(most, "of health check", mostRatio),
            new LoadRow(scan, "of health check", ratio, Aim.Least(0.6)),
            new LoadRow(lateHealth),
            new LoadRow(late, "× p99 of health check", slower, Aim.Most(4)),
            new LoadRow(thirdHealth),
            new LoadRow(third, "ms, its p99", third.P99Ms, Aim.Most(10)),
        ];
    }
}
