using GasTrace.LoadTests.Baselines;
using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;
using GasTrace.Terminal;
using GasTrace.V1;

namespace GasTrace.LoadTests.Phases;

/// <summary>One follower who reads the record from the first entry, against a plain stream of the same; then a hundred who follow live.</summary>
internal sealed class FollowPhase : ILoadPhase
{
    private const int EntriesMax = 1_000_000;
    private const int Followers = 100;
    private const double LivePerSecond = 500;

    public string Name => "follow";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        var (follow, plain, ratio) = await bench.CompareAsync(
            stop => TimedAsync("follow, catch-up", () => CatchUpAsync(bench, stop)),
            stop => TimedAsync("plain stream", () => PlainStream.ReadAsync(bench.Node.Addresses.Plain, EntriesMax, stop)), measured => measured.PerSecond, cancellationToken);
        await using var live = new LiveFollowers(bench.Node.Addresses.Service, Followers);
        var load = await bench.OpenAsync("station, beside the followers", bench.Scenarios.Station, LivePerSecond, cancellationToken);
        return [new LoadRow(plain), new LoadRow(follow, "of plain stream", ratio, Aim.Least(1.5)), new LoadRow(load), new LoadRow(live.Measure())];
    }

    private static async Task<Measurement> TimedAsync(string name, Func<Task<long>> read)
    {
        var began = TimeProvider.System.GetTimestamp();
        var entries = await read();
        return new Measurement(name, "entries", entries / TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task<long> CatchUpAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        using var channel = Callers.Connect(bench.Node.Addresses.Service);
        long entries = 0;
        var first = new SubscribeRequest { BatchEntriesMax = 1_000, BatchBytesMax = 1_048_576 };
        await new LedgerFollower(new SupervisionService.SupervisionServiceClient(channel), first, TimeProvider.System).RunAsync(
            response =>
            {
                entries += response.Batch?.Entries.Count ?? 0;
                return ValueTask.FromResult(response.CaughtUp is null && entries < EntriesMax);
            },
            cancellationToken);
        return entries;
    }
}
