using GasTrace.Domain.Deciding;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GasTrace.Ledger.Tests;

/// <summary>Two nodes on one store: each reads all that both wrote, in one order.</summary>
public sealed class TailFeedTests : IAsyncDisposable
{
    private readonly InMemoryLedgerStore store = new();
    private readonly FakeTimeProvider time = new();
    private readonly Node here;
    private readonly Node there;

    public TailFeedTests()
    {
        here = new Node(store, time);
        there = new Node(store, time);
    }

    [Fact]
    public void A_wait_for_less_than_a_millisecond_waits()
    {
        // Else who waits for the rest of a heartbeat asks in a circle until it is over.
        var reader = new LedgerReader(store, new LedgerTail(0));
        var waiting = reader.WaitAsync(0, TimeSpan.FromMicroseconds(300), time, default);
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Entries_of_both_nodes_are_read_at_each_in_the_ledgers_order()
    {
        for (var n = 0; n < 50; n++)
        {
            await (n % 3 == 0 ? here : there).Writer.AppendAsync(Entry((byte)n));
        }

        await here.CatchUpAsync();
        await there.CatchUpAsync();
        var expected = Enumerable.Range(0, 50).Select(n => (byte)n);
        Assert.Equal(expected, here.Read());
        Assert.Equal(expected, there.Read());
    }

    [Fact]
    public async Task What_a_node_wrote_itself_is_not_read_again()
    {
        await there.Writer.AppendAsync(Entry(0));
        await here.Writer.AppendAsync(Entry(1));
        Assert.Equal((0, 1), (here.Tail.Head, here.Tail.WaitsFrom));

        // The others are told how far the ledger is, not how far this node has read it.
        Assert.Equal([(1, false)], here.Told);
        await here.CatchUpAsync();
        Assert.Equal([0], here.Foreign.Select(entry => entry.Position));
        Assert.Equal(2, here.Tail.Head);
    }

    [Fact]
    public async Task It_looks_by_itself_and_goes_on_when_the_store_was_away()
    {
        using var stop = new CancellationTokenSource();
        var running = here.Feed.RunAsync(stop.Token);
        store.Outage = "gone";
        here.Feed.Wake();
        time.Advance(TimeSpan.FromSeconds(1));
        store.Outage = null;
        await there.Writer.AppendAsync(Entry(0));
        var arrived = here.Tail.WaitBeyondAsync(0);
        while (!arrived.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_ledger_that_has_gone_back_is_no_ledger_to_go_on_with()
    {
        var remembers = new LedgerTail(5);
        var feed = new TailFeed(store, remembers, _ => { }, time, TimeSpan.FromSeconds(1), NullLogger<TailFeed>.Instance);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => feed.RunAsync(default));
        Assert.Contains("from 5 entries to 0", error.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await here.Writer.DisposeAsync();
        await there.Writer.DisposeAsync();
    }

    private static AppendUnit Entry(byte content) => new([new NewEntry(default, new[] { content })], [], [], []);

    private sealed class Node
    {
        public Node(ILedgerStore store, TimeProvider time)
        {
            Tail = new LedgerTail(0);
            Feed = new TailFeed(store, Tail, Foreign.AddRange, time, TimeSpan.FromSeconds(1), NullLogger<TailFeed>.Instance);
            Writer = new LedgerWriter(store, Tail, written: (last, whole) => Told.Add((last.Position, whole)));
        }

        public LedgerTail Tail { get; }

        public List<LedgerEntry> Foreign { get; } = [];

        public List<(long Last, bool Whole)> Told { get; } = [];

        public TailFeed Feed { get; }

        public LedgerWriter Writer { get; }

        public async Task CatchUpAsync()
        {
            while (await Feed.AdvanceAsync(default))
            {
            }
        }

        public IEnumerable<byte> Read()
        {
            List<LedgerEntry> read = [];
            Assert.True(Tail.TryRead(0, 1_000, read));
            return read.Select(entry => entry.Payload.Span[0]);
        }
    }
}
