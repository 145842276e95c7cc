using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;
using GasTrace.Terminal;
using GasTrace.V1;
using HdrHistogram;

namespace GasTrace.LoadTests.Phases;

/// <summary>Regulators who follow live, each on a connection of its own: how late an entry reaches them after it was decided.</summary>
internal sealed class LiveFollowers : IAsyncDisposable
{
    private readonly LongConcurrentHistogram lateness = new(1, Latency.MicrosMax, 3);
    private readonly CancellationTokenSource ended = new();
    private readonly Task[] following;
    private readonly long began = TimeProvider.System.GetTimestamp();
    private long entries;

    public LiveFollowers(string address, int count) => following = [.. Enumerable.Range(0, count).Select(_ => FollowAsync(address))];

    /// <summary>What reached all of them together since they began.</summary>
    public Measurement Measure() => new(
        $"entries to {following.Length} followers", "entries", Interlocked.Read(ref entries) / TimeProvider.System.GetElapsedTime(began).TotalSeconds,
        lateness.Millis(50), lateness.Millis(99), lateness.Millis(99.9));

    public async ValueTask DisposeAsync()
    {
        ended.Cancel();
        await Task.WhenAll(following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    private async Task FollowAsync(string address)
    {
        using var channel = Callers.Connect(address);
        var follower = new LedgerFollower(new SupervisionService.SupervisionServiceClient(channel), new SubscribeRequest { Edge = Edge.Head }, TimeProvider.System);
        await follower.RunAsync(
            response =>
            {
                // One entry of a message stands for its others: reading the clock for each would be the load.
                if (response.Batch is { Entries: [.., var last] and var batch })
                {
                    Interlocked.Add(ref entries, batch.Count);
                    lateness.Record(TimeProvider.System.GetUtcNow() - last.Event.RecordedAt.ToDateTimeOffset());
                }

                return ValueTask.FromResult(true);
            },
            ended.Token);
    }
}
