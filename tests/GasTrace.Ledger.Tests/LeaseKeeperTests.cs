using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GasTrace.Ledger.Tests;

/// <summary>One node at a time does a task; another takes over when it stops, dies, or cannot reach the store.</summary>
public sealed class LeaseKeeperTests : IAsyncDisposable
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(6);
    private readonly InMemoryLedgerStore store = new();
    private readonly FakeTimeProvider time = new();
    private readonly List<Member> members = [];
    private int atOnce;
    private int atOnceMax;

    [Fact]
    public async Task One_of_many_does_it_and_hands_it_over_when_it_stops()
    {
        Member[] all = [Join("a"), Join("b"), Join("c")];
        var first = await WorkerAsync(all);
        await first.StopAsync();
        var second = await WorkerAsync([.. all.Except([first])]);
        Assert.NotSame(first, second);
        Assert.Equal(1, atOnceMax);
    }

    [Fact]
    public async Task A_holder_that_renews_keeps_it()
    {
        var holder = Join("a");
        await WorkerAsync([holder]);
        var other = Join("b");
        await PassAsync(Term * 10);
        Assert.True(holder.Works);
        Assert.False(other.Works);
    }

    [Fact]
    public async Task A_dead_holders_task_is_taken_over_after_a_term_and_not_before()
    {
        var dead = Join("a");
        await WorkerAsync([dead]);
        dead.Die();
        var heir = Join("b");
        await PassAsync(Term / 2);
        Assert.False(heir.Works);
        await WorkerAsync([heir]);
    }

    [Fact]
    public async Task A_node_takes_up_the_lease_of_its_former_life_at_once()
    {
        var dead = Join("a");
        await WorkerAsync([dead]);
        dead.Die();
        var before = time.GetUtcNow();
        await WorkerAsync([Join("a")]);
        Assert.True(time.GetUtcNow() - before < Term);
    }

    [Fact]
    public async Task A_holder_that_cannot_renew_stops_before_another_begins()
    {
        var cut = Join("a");
        await WorkerAsync([cut]);
        cut.CutOff();
        var heir = Join("b");
        await WorkerAsync([heir]);
        Assert.False(cut.Works);
        Assert.Equal(1, atOnceMax);
    }

    [Fact]
    public async Task An_outage_shorter_than_a_term_changes_nothing()
    {
        var holder = Join("a");
        await WorkerAsync([holder]);
        store.Outage = "gone";
        await PassAsync(Term / 3);
        store.Outage = null;
        await PassAsync(Term * 3);
        Assert.Equal(1, holder.Begun);
    }

    [Fact]
    public async Task What_the_task_throws_is_heard_and_the_lease_is_handed_back()
    {
        await using var writer = new LedgerWriter(store, new LedgerTail(0));
        var keeper = new LeaseKeeper(store, writer, "a", time, Term, NullLogger<LeaseKeeper>.Instance);
        await Assert.ThrowsAsync<InvalidDataException>(() => keeper.RunAsync("task", _ => throw new InvalidDataException(), default));
        await Assert.ThrowsAsync<InvalidDataException>(() => keeper.RunAsync("task", _ => Task.FromException(new InvalidDataException()), default));
        await WorkerAsync([Join("b")]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }
    }

    private Member Join(string name)
    {
        var member = new Member(this, name);
        members.Add(member);
        return member;
    }

    private async Task PassAsync(TimeSpan duration)
    {
        for (var until = time.GetUtcNow() + duration; time.GetUtcNow() < until; time.Advance(Term / 60))
        {
            await SettleAsync();
        }
    }

    // Work that is ready runs on the pool: lets it.
    private static async Task SettleAsync()
    {
        for (var n = 0; n < 50; n++)
        {
            await Task.Yield();
        }
    }

    private async Task<Member> WorkerAsync(Member[] among)
    {
        while (true)
        {
            if (among.FirstOrDefault(member => member.Works) is { } worker)
            {
                return worker;
            }

            await SettleAsync();
            time.Advance(Term / 60);
        }
    }

    private sealed class Member : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly LeaseKeeperTests tests;
        private readonly LedgerWriter writer;
        private readonly SeveredStore line;
        private readonly Task running;
        private readonly TaskCompletionSource dead = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Member(LeaseKeeperTests tests, string name)
        {
            this.tests = tests;
            line = new SeveredStore(tests.store);
            writer = new LedgerWriter(line, new LedgerTail(0));
            running = new LeaseKeeper(line, writer, name, tests.time, Term, NullLogger<LeaseKeeper>.Instance).RunAsync("task", WorkAsync, stop.Token);
        }

        public bool Works { get; private set; }

        public int Begun { get; private set; }

        // It neither renews nor hands back, and its work counts no longer.
        public void Die()
        {
            CutOff();
            dead.TrySetResult();
        }

        public void CutOff() => line.Severed = true;

        public async Task StopAsync()
        {
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await writer.DisposeAsync();
            await line.DisposeAsync();
            stop.Dispose();
        }

        private async Task WorkAsync(CancellationToken lost)
        {
            Works = true;
            Begun++;
            tests.atOnceMax = Math.Max(tests.atOnceMax, Interlocked.Increment(ref tests.atOnce));
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lost.Register(() => ended.TrySetResult());
            await Task.WhenAny(ended.Task, dead.Task);
            Interlocked.Decrement(ref tests.atOnce);
            Works = false;
            await ended.Task;
        }
    }
}
