using GasTrace.LoadTests.Baselines;
using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests.Phases;

/// <summary>
/// Cycles over the stations' streams, in entries, against bare inserts, and those that an empty service answers; and what a scan costs the
/// server there.
/// </summary>
internal sealed class StationPhase : ILoadPhase
{
    private const int LargeBatch = 256;
    private const int EntryBytes = 420;
    private const int CardBytes = 300;

    public string Name => "station";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        using var raw = new RawInserts(Path.Combine(bench.Folder, "raw.db"), bench.City.Cylinders, EntryBytes, CardBytes);
        // Batches of the size that the service itself commits: a disk that syncs is paid for by the commit, not by the row.
        var batch = (int)Math.Max(1, Math.Round((await bench.LoopAsync(bench.Scenarios.Station, cancellationToken)).BatchUnits));
        var (station, inserts, ratio) = await bench.CompareAsync(
            stop => bench.LoopAsync(bench.Scenarios.Station, stop), _ => Task.FromResult(raw.Run("raw inserts", batch, bench.Settings.Window)), measured => measured.PerSecond, cancellationToken);
        await using var plain = new Callers([bench.Node.Addresses.Plain], bench.Settings.Stations);
        var empty = new CityScenarios(bench.City, plain).Station with { Name = "station, empty service" };
        var (most, _, mostRatio) = await bench.CompareAsync(
            stop => bench.LoopAsync(empty, stop), _ => Task.FromResult(raw.Run("raw inserts", batch, bench.Settings.Window)), measured => measured.PerSecond, cancellationToken);
        var large = raw.Run($"raw inserts, {LargeBatch} a commit", LargeBatch, bench.Settings.Window);
        var (scan, health, costlier) = await bench.CompareAsync(
            stop => bench.LoopAsync(bench.Scenarios.StationScan, stop), stop => bench.LoopAsync(bench.Scenarios.Health, stop), measured => measured.ServerCpuMicros, cancellationToken);
        return
        [
            new LoadRow(inserts),
            new LoadRow(large),
            new LoadRow(most, "of raw inserts", mostRatio),
            new LoadRow(station, "of raw inserts", ratio, Aim.Least(1.2)),
            new LoadRow(health with { Name = "health check, beside" }),
            new LoadRow(scan, "× server CPU of health check", costlier, Aim.Most(2.5)),
        ];
    }
}
