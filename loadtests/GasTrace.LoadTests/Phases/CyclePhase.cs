using GasTrace.LoadTests.Reporting;

namespace GasTrace.LoadTests.Phases;

/// <summary>Scan, begin, complete, each a call, against the health check.</summary>
internal sealed class CyclePhase : ILoadPhase
{
    public string Name => "cycle";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        var (cycle, _, ratio) = await bench.CompareAsync(
            stop => bench.LoopAsync(bench.Scenarios.Cycle, stop), stop => bench.LoopAsync(bench.Scenarios.Health, stop), measured => measured.PerSecond, cancellationToken);
        return [new LoadRow(cycle, "of health check", ratio)];
    }
}
