using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;
using GasTrace.Terminal;
using GasTrace.V1;
using HdrHistogram;

namespace GasTrace.LoadTests.Phases;

/// <summary>All stations connect at once, each on a connection of its own, and each wants its first answer.</summary>
internal sealed class MorningPhase : ILoadPhase
{
    private const int Stations = 500;

    public string Name => "morning";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        var micros = new LongConcurrentHistogram(1, Latency.MicrosMax, 3);
        var requests = new Requests(bench.City);
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Stations).Select(async station =>
        {
            using var channel = Callers.Connect(bench.Node.Addresses.Service);
            await using var link = new StationLink(new FillingService.FillingServiceClient(channel), _ => { });
            bench.Scenarios.Count(await link.ScanAsync(requests.Scan(station, requests.Overdue()), cancellationToken));
            micros.Record(TimeProvider.System.GetElapsedTime(began));
        }));
        var took = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        return [new LoadRow(new Measurement($"morning of {Stations} stations", "stations", Stations / took, micros.Millis(50), micros.Millis(99), micros.Millis(99.9)), $"all answered after {took:F2} s")];
    }
}
