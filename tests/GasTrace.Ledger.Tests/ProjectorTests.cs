using System.Threading.Channels;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GasTrace.Ledger.Tests;

/// <summary>How long the projector lets entries gather.</summary>
public sealed class ProjectorTests
{
    private const int Idle = 30_000;
    private readonly FakeTimeProvider clock = new();

    // Measured from the beginning of a batch: one that takes its time does not make the next one wait as well.
    [Theory]
    [InlineData(10, 0, 100)]
    [InlineData(10, 30, 70)]
    [InlineData(600, 0, 500)]
    [InlineData(600, 350, 150)]
    [InlineData(10, 100, Idle)]
    [InlineData(600, 700, Idle)]
    public async Task Entries_gather_for_so_long_since_the_last_batch_began(int entries, int workMs, int waitMs)
    {
        await using var store = new InMemoryLedgerStore();
        await store.AppendAsync(
            [new AppendUnit([.. Enumerable.Range(0, entries).Select(n => new NewEntry(new EntryHeader(20, $"C{n}", "S1", "320102", "LPG", 1_000), Array.Empty<byte>()))], [], [], [])], default);
        await using var tables = new SlowTables(clock, TimeSpan.FromMilliseconds(workMs));
        var waits = new Waits(clock);
        using var stop = new CancellationTokenSource();
        var running = new Projector(store, new LedgerReader(store, new LedgerTail(entries)), tables, waits, NullLogger<Projector>.Instance).RunAsync(stop.Token);
        Assert.Equal(TimeSpan.FromMilliseconds(waitMs), await waits.Asked.Reader.ReadAsync());
        Assert.Equal(entries, tables.Held);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>Says for how long it is waited.</summary>
    private sealed class Waits(FakeTimeProvider inner) : TimeProvider
    {
        public Channel<TimeSpan> Asked { get; } = Channel.CreateUnbounded<TimeSpan>();

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Asked.Writer.TryWrite(dueTime);
            return inner.CreateTimer(callback, state, dueTime, period);
        }
    }

    /// <summary>Tables that take so long to write a batch.</summary>
    private sealed class SlowTables(FakeTimeProvider clock, TimeSpan work) : IProjectionStore
    {
        public long Held { get; private set; }

        public int BatchEntriesMax => 1_000;

        public Task<long> GetPositionAsync(CancellationToken cancellationToken) => Task.FromResult(Held);

        public Task<bool> ApplyAsync(ProjectedBatch batch, CancellationToken cancellationToken)
        {
            clock.Advance(work);
            Held = batch.Next;
            return Task.FromResult(true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public Task<IReadOnlyList<long>> SearchAsync(EntryQuery query, long from, long below, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<long>> HistoryAsync(string cylinderId, long from, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StationDayCounts>> CountAsync(StationDayQuery query, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<(string StationId, string Day, string Code, long Count)>> CountReasonsAsync(
            StationDayQuery query, string throughStation, string throughDay, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListCylindersAsync(CylinderQuery query, string afterId, string throughId, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<string?> SkipCylindersAsync(string unitId, string afterId, int cylinders, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListStationsAsync(string regionPrefix, string afterId, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> FindLapsedPermitsAsync(long nowUnixSeconds, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
