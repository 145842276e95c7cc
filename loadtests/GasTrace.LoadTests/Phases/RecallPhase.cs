using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests.Phases;

/// <summary>
/// A maker's month is recalled (50,000 cylinders, or a quarter of them) while all callers scan: how long the recall takes, and
/// that no cylinder of it gets a permit once it is acknowledged. It runs last: the cylinders stay recalled.
/// </summary>
internal sealed class RecallPhase : ILoadPhase
{
    private const int ScansAfter = 2_000;

    public string Name => "recall";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = ClosedLoop.RunAsync(bench.Scenarios.Scan, bench.Settings.Callers / 2, TimeSpan.FromSeconds(2), bench.Settings.Window, null, stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(2) + (bench.Settings.Window / 2), cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        await bench.Callers.Registry.BlacklistAsync(Requests.RecallBatch(), cancellationToken: cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        var let = await PermitsAsync(bench, cancellationToken);
        var load = await loading;
        var recall = new Measurement($"recall of {bench.City.BatchCylinders:N0}", "recalls", 0, took, took, took, let);
        return [new LoadRow(recall, "permits after it", let, Aim.Most(0)), new LoadRow(load with { Name = "scan, beside the recall" })];
    }

    // Straight after the acknowledgement, among the scans of everybody else.
    private static async Task<long> PermitsAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, ScansAfter).Select(caller =>
            bench.Scenarios.ScanAsync(NoMeter.Instance, caller, Random.Shared.Next(bench.City.BatchCylinders), cancellationToken)));
        return answers.Count(answer => answer.Permit is not null);
    }
}
