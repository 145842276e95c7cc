using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;

namespace GasTrace.Ledger.Contract;

/// <summary>The window of the newest entries that all of a node read live.</summary>
public sealed class LedgerTailTests
{
    [Fact]
    public void The_tail_drops_its_oldest_entries_and_says_that_they_are_gone()
    {
        var tail = new LedgerTail(0, entriesMax: 4);
        tail.Publish([.. Enumerable.Range(0, 6).Select(n => Entry(n))]);
        List<LedgerEntry> read = [];
        Assert.False(tail.TryRead(1, 10, read));
        Assert.True(tail.TryRead(2, 3, read));
        Assert.Equal([2, 3, 4], read.Select(entry => entry.Position));
        read.Clear();
        Assert.True(tail.TryRead(6, 10, read));
        Assert.Empty(read);
    }

    [Fact]
    public void The_tail_is_bounded_by_bytes_too()
    {
        var tail = new LedgerTail(0, entriesMax: 100, bytesMax: 25);
        tail.Publish([.. Enumerable.Range(0, 5).Select(n => Entry(n))]);
        Assert.False(tail.TryRead(2, 1, []));
        Assert.True(tail.TryRead(3, 1, []));
    }

    [Theory]
    [InlineData(5, 5_000, 10_000_000)]
    [InlineData(6, 1_500, 400_000)]
    [InlineData(7, 20, 70_000)]
    public void Whatever_is_in_the_window_is_read_as_it_was_published(int seed, int entriesMax, long bytesMax)
    {
        var random = new Random(seed);
        var tail = new LedgerTail(100, entriesMax, bytesMax);
        List<LedgerEntry> published = [];
        for (var round = 0; round < 400; round++)
        {
            var run = Enumerable.Range(0, random.Next(1, 60)).Select(n => Any(100 + published.Count + n, random)).ToList();
            tail.Publish(run);
            published.AddRange(run);
            var from = random.Next(Math.Max(0, published.Count - (entriesMax * 3 / 2)), published.Count);
            List<LedgerEntry> read = [];
            if (tail.TryRead(100 + from, 700, read))
            {
                Assert.Equal(published.Skip(from).Take(700).Select(Text), read.Select(Text));
            }
            else
            {
                var behind = published.Skip(from).ToList();
                Assert.Empty(read);
                Assert.True(behind.Count > entriesMax || behind.Sum(entry => entry.Payload.Length) > bytesMax, "it was dropped although there was room");
            }
        }

        static LedgerEntry Any(int position, Random random)
        {
            var payload = new byte[random.Next(10) == 0 ? random.Next(LedgerLimits.EntryBytesMax + 1) : random.Next(600)];
            random.NextBytes(payload);
            return new LedgerEntry(position, new EntryHeader(random.Next(90), $"瓶{random.Next()}", random.Next(2) == 0 ? "" : "S1", "320102", "LPG", random.NextInt64()), payload);
        }

        static string Text(LedgerEntry entry) => $"{entry.Position} {entry.Header} {Convert.ToHexString(entry.Payload.Span)}";
    }

    [Fact]
    public void What_was_written_behind_another_nodes_entries_waits_for_them()
    {
        var tail = new LedgerTail(0);
        Assert.False(tail.Publish([Entry(2), Entry(3)]));
        Assert.False(tail.Publish([Entry(5)]));
        Assert.Equal((0, 2), (tail.Head, tail.WaitsFrom));
        Assert.True(tail.Publish([Entry(0), Entry(1)]));
        Assert.Equal((4, 5), (tail.Head, tail.WaitsFrom));
        Assert.True(tail.Publish([Entry(3), Entry(4)]));
        Assert.Equal((6, null), (tail.Head, tail.WaitsFrom));
        List<LedgerEntry> read = [];
        Assert.True(tail.TryRead(0, 10, read));
        Assert.Equal([0, 1, 2, 3, 4, 5], read.Select(entry => entry.Position));
    }

    [Fact]
    public void What_waits_is_bounded_and_the_rest_is_left_to_the_store()
    {
        var tail = new LedgerTail(0, entriesMax: 4);
        Assert.False(tail.Publish([Entry(1), Entry(2), Entry(3)]));
        Assert.False(tail.Publish([Entry(4), Entry(5)]));
        Assert.True(tail.Publish([Entry(0)]));
        Assert.Equal((4, null), (tail.Head, tail.WaitsFrom));
        Assert.True(tail.Publish([Entry(2), Entry(3)]), "known already");
        Assert.Equal(4, tail.Head);
    }

    [Fact]
    public async Task Whoever_waits_is_woken_when_the_head_moves_beyond()
    {
        var tail = new LedgerTail(0);
        var waiting = tail.WaitBeyondAsync(0);
        Assert.False(waiting.IsCompleted);
        tail.Publish([Entry(0)]);
        await waiting;
        Assert.True(tail.WaitBeyondAsync(0).IsCompleted);
    }

    private static LedgerEntry Entry(long position) => new(position, default, new byte[10]);
}
