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
        var first = Worker(all);
        await first.StopAsync();
        var second = Worker([.. all.Except([first])]);
        Assert.NotSame(first, second);
        Assert.Equal(1, atOnceMax);
    }

    [Fact]
    public void A_holder_that_renews_keeps_it()
    {
        var holder = Join("a");
        Worker(holder);
        var other = Join("b");
        Pass(Term * 10);
        Assert.True(holder.Works);
        Assert.False(other.Works);
    }

    [Fact]
    public void A_dead_holders_task_is_taken_over_after_a_term_and_not_before()
    {
        var dead = Join("a");
        Worker(dead);
        dead.Die();
        var heir = Join("b");
        Pass(Term / 2);
        Assert.False(heir.Works);
        Worker(heir);
    }

    [Fact]
    public void A_node_takes_up_the_lease_of_its_former_life_at_once()
    {
        var dead = Join("a");
        Worker(dead);
        dead.Die();
        var before = time.GetUtcNow();
        Worker(Join("a"));
        Assert.True(time.GetUtcNow() - before < Term);
    }

    [Fact]
    public void A_holder_that_cannot_renew_stops_before_another_begins()
    {
        var cut = Join("a");
        Worker(cut);
        cut.CutOff();
        var heir = Join("b");
        Worker(heir);
        Assert.False(cut.Works);
        Assert.Equal(1, atOnceMax);
    }

    [Fact]
    public void An_outage_shorter_than_a_term_changes_nothing()
    {
        var holder = Join("a");
        Worker(holder);
        store.Outage = "gone";
        Pass(Term / 3);
        store.Outage = null;
        Pass(Term * 3);
        Assert.Equal(1, holder.Begun);
    }

    [Fact]
    public async Task What_the_task_throws_is_heard_and_the_lease_is_handed_back()
    {
        await using var writer = new LedgerWriter(store, new LedgerTail(0));
        var keeper = new LeaseKeeper(store, writer, "a", time, Term, NullLogger<LeaseKeeper>.Instance);
        await Assert.ThrowsAsync<InvalidDataException>(() => keeper.RunAsync("task", _ => throw new InvalidDataException(), default));
        await Assert.ThrowsAsync<InvalidDataException>(() => keeper.RunAsync("task", _ => Task.FromException(new InvalidDataException()), default));
        Worker(Join("b"));
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
        SpinWait.SpinUntil(() => member.Beats > 0);
        return member;
    }

    // One beat of every node: the clock goes on when all of them wait for it again.
    private void Beat()
    {
        var before = members.ConvertAll(member => member.Beats);
        time.Advance(Term / 6);
        for (var i = 0; i < before.Count; i++)
        {
            SpinWait.SpinUntil(() => members[i].Beats > before[i] || members[i].HasStopped);
        }
    }

    private void Pass(TimeSpan duration)
    {
        for (var until = time.GetUtcNow() + duration; time.GetUtcNow() < until;)
        {
            Beat();
        }
    }

    private Member Worker(params Member[] among)
    {
        while (true)
        {
            if (among.FirstOrDefault(member => member.Works) is { } worker)
            {
                return worker;
            }

            Beat();
        }
    }

    /// <summary>Counts how often a beat is waited for.</summary>
    private sealed class BeatTime(FakeTimeProvider inner) : TimeProvider
    {
        private int beats;

        public int Beats => Volatile.Read(ref beats);

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = inner.CreateTimer(callback, state, dueTime, period);
            Interlocked.Add(ref beats, dueTime == Term / 6 ? 1 : 0);
            return timer;
        }
    }

    private sealed class Member : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly LeaseKeeperTests tests;
        private readonly BeatTime watch;
        private readonly LedgerWriter writer;
        private readonly SeveredStore line;
        private readonly Task running;
        private readonly TaskCompletionSource dead = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Member(LeaseKeeperTests tests, string name)
        {
            this.tests = tests;
            watch = new BeatTime(tests.time);
            line = new SeveredStore(tests.store);
            writer = new LedgerWriter(line, new LedgerTail(0));
            running = new LeaseKeeper(line, writer, name, watch, Term, NullLogger<LeaseKeeper>.Instance).RunAsync("task", WorkAsync, stop.Token);
        }

        public bool Works { get; private set; }

        public int Beats => watch.Beats;

        public bool HasStopped => running.IsCompleted;

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
            stop.Cancel();
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
