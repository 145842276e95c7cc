using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using Microsoft.Extensions.Time.Testing;

namespace GasTrace.Ledger.Contract;

public class LedgerWriterTests
{
    [Fact]
    public void A_batch_holds_no_two_units_that_meet_on_a_card_or_a_claim()
    {
        var plan = new BatchPlan();
        var station = new CardKey("station:S1");
        AppendUnit Reading(string cylinder) => Check.Unit(1, new CardKey(cylinder)) with { Reads = [new CardRead(new CardKey(cylinder), 0), new CardRead(station, 1)] };
        Assert.True(plan.TryAdd(Reading("c1")));
        Assert.True(plan.TryAdd(Reading("c2")), "many units read the same station: no conflict");
        Assert.False(plan.TryAdd(Reading("c1")), "writes what another wrote");
        Assert.False(plan.TryAdd(Check.Unit(1, station, 1)), "writes what others read");
        Assert.True(plan.TryAdd(Check.Unit(1, claims: ["r:1"])));
        Assert.False(plan.TryAdd(Check.Unit(1, claims: ["r:1"])), "takes the same claim");
    }

    [Fact]
    public async Task A_full_queue_says_so_at_once_and_what_was_taken_in_is_written()
    {
        var store = new GatedStore();
        var tail = new LedgerTail(0);
        await using var writer = new LedgerWriter(store, tail, queueUnitsMax: 2);
        List<Task<UnitOutcome>> accepted = [writer.AppendAsync(Check.Unit())];
        await store.Entered.Task;
        accepted.Add(writer.AppendAsync(Check.Unit()));
        accepted.Add(writer.AppendAsync(Check.Unit()));
        await Assert.ThrowsAsync<LedgerBusyException>(() => writer.AppendAsync(Check.Unit()));
        store.Gate.SetResult();
        var outcomes = await Task.WhenAll(accepted);
        Assert.Equal([0, 1, 2], outcomes.Select(outcome => outcome.Position));
        Assert.Equal(3, tail.Head);
    }

    [Fact]
    public async Task What_comes_while_a_batch_is_written_is_one_batch_and_told_after_it()
    {
        var store = new GatedStore();
        var tail = new LedgerTail(0);
        List<long> lasts = [];
        await using (var writer = new LedgerWriter(store, tail, written: (last, _) => lasts.Add(last.Position)))
        {
            List<Task<UnitOutcome>> asked = [writer.AppendAsync(Check.Unit())];
            await store.Entered.Task;
            asked.AddRange(Enumerable.Range(0, 5).Select(_ => writer.AppendAsync(Check.Unit())));
            store.Gate.SetResult();
            Assert.Equal([0, 1, 2, 3, 4, 5], (await Task.WhenAll(asked)).Select(outcome => outcome.Position));
        }

        Assert.Equal([1, 5], store.Batches);
        Assert.Equal([0, 5], lasts);
    }

    [Fact]
    public async Task Meters_tell_what_was_committed_together_how_long_it_took_what_waits_and_what_failed()
    {
        var store = new GatedStore();
        var clock = new FakeTimeProvider();
        await using var writer = new LedgerWriter(store, new LedgerTail(0), time: clock);
        using var meters = new MeasuredBy(writer);
        List<Task<UnitOutcome>> asked = [writer.AppendAsync(Check.Unit())];
        await store.Entered.Task;
        asked.AddRange(Enumerable.Range(0, 5).Select(_ => writer.AppendAsync(Check.Unit())));
        Assert.Equal([5], meters.Of(LedgerMetrics.Queued));
        clock.Advance(TimeSpan.FromMilliseconds(250));
        store.Gate.SetResult();
        await Task.WhenAll(asked);

        // Batches that follow closely are measured in either order.
        Assert.Equal([1, 5], meters.Of(LedgerMetrics.BatchUnits).Order());
        Assert.Equal([0, 0.25], meters.Of(LedgerMetrics.CommitDuration).Order());
        Assert.Equal([1, 5], meters.Of(LedgerMetrics.Entries).Order());
        Assert.Equal([], meters.Of(LedgerMetrics.Failed));
        store.Gate = new TaskCompletionSource();
        store.Gate.SetException(new StoreUnavailableException("It is away."));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.AppendAsync(Check.Unit()));
        Assert.Equal([1], meters.Of(LedgerMetrics.Failed));
        Assert.Equal([1, 5], meters.Of(LedgerMetrics.BatchUnits).Order());
    }

    [Fact]
    public async Task A_listener_of_the_meter_that_throws_takes_nobodys_answer_away()
    {
        var store = new GatedStore();
        store.Gate.SetResult();
        var tail = new LedgerTail(0);
        await using var writer = new LedgerWriter(store, tail);
        using var meters = new MeasuredBy(writer, _ => throw new InvalidOperationException("It cannot listen."));
        Assert.Equal(0, (await writer.AppendAsync(Check.Unit())).Position);
        Assert.Equal(1, (await writer.AppendAsync(Check.Unit())).Position);
        Assert.Equal(2, tail.Head);
    }

    [Fact]
    public async Task A_batch_is_told_after_the_one_before_it_however_soon_it_is_written()
    {
        var store = new GatedStore();
        var tail = new LedgerTail(0);
        List<bool> whole = [];
        using var second = new ManualResetEventSlim();
        await using (var writer = new LedgerWriter(store, tail, written: (_, isWhole) =>
        {
            whole.Add(isWhole);
            if (whole.Count > 1)
            {
                second.Set();
                return;
            }

            // The next one is written meanwhile, and would be told if it did not wait for this to be.
            Assert.True(SpinWait.SpinUntil(() => store.Batches.Count == 2, TimeSpan.FromMinutes(1)));
            Assert.False(second.Wait(TimeSpan.FromMilliseconds(100)));
        }))
        {
            List<Task<UnitOutcome>> asked = [writer.AppendAsync(Check.Unit())];
            await store.Entered.Task;
            asked.Add(writer.AppendAsync(Check.Unit()));
            store.Gate.SetResult();
            await Task.WhenAll(asked).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }

        Assert.Equal([true, true], whole);
        Assert.Equal(2, tail.Head);
    }

    [Fact]
    public async Task Who_waits_behind_a_batch_that_the_store_was_not_there_for_hears_the_same_and_who_comes_later_is_served()
    {
        var store = new GatedStore();
        await using var writer = new LedgerWriter(store, new LedgerTail(0));
        List<Task<UnitOutcome>> asked = [writer.AppendAsync(Check.Unit())];
        await store.Entered.Task;
        asked.AddRange(Enumerable.Range(0, 3 * LedgerLimits.BatchUnitsMax).Select(_ => writer.AppendAsync(Check.Unit())));
        store.Gate.SetException(new StoreUnavailableException("It is away."));
        foreach (var unit in asked)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => unit);
        }

        // The next batch may have been fetched before the failure was heard of; those behind it were not asked for one after the other.
        Assert.InRange(store.Batches.Count, 1, 2);
        store.Gate = new TaskCompletionSource();
        store.Gate.SetResult();
        Assert.Equal(0, (await writer.AppendAsync(Check.Unit())).Position);
    }

    [Fact]
    public async Task Units_that_meet_are_both_decided_and_one_of_them_loses()
    {
        var folder = Directory.CreateTempSubdirectory("gastrace-test-");
        await using (var store = SqliteLedgerStore.Open(new SqliteOptions(folder.FullName)))
        await using (var writer = new LedgerWriter(store, new LedgerTail(0)))
        {
            var key = new CardKey("cylinder:1");
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => writer.AppendAsync(Check.Unit(1, key))));
            Assert.Single(outcomes, outcome => outcome.Fate == UnitFate.Committed);
            Assert.Equal(49, outcomes.Count(outcome => outcome.Fate == UnitFate.StaleCard));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_entry_beyond_the_greatest_size_is_refused_before_it_is_queued()
    {
        await using var writer = new LedgerWriter(new GatedStore(), new LedgerTail(0));
        var unit = new AppendUnit([new NewEntry(default, new byte[LedgerLimits.EntryBytesMax + 1])], [], [], []);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.AppendAsync(unit));
    }

    [Fact]
    public void Limits_stand_in_their_relations()
    {
        Assert.True(LedgerLimits.EntryBytesMax <= ushort.MaxValue);
        Assert.True(LedgerLimits.QueueUnitsMax >= LedgerLimits.BatchUnitsMax);
        Assert.True(LedgerLimits.TailBytesMax >= LedgerLimits.EntryBytesMax);
        Assert.True(LedgerLimits.TailEntriesMax >= LedgerLimits.ReadEntriesMax);
        Assert.True(LedgerLimits.CardOffersWaitingMax >= LedgerLimits.CardsTogetherMax);
        Assert.True(LedgerLimits.ForeignChangesMax >= LedgerLimits.CardOffersWaitingMax + (LedgerLimits.CardOffersAtOnce * LedgerLimits.CardsTogetherMax));
    }

    // What one writer's meter says; a gauge when it is asked for.
    private sealed class MeasuredBy : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly ConcurrentQueue<(string Name, double Value)> heard = new();

        public MeasuredBy(LedgerWriter writer, Action<string>? heeded = null)
        {
            listener.InstrumentPublished = (instrument, heeding) =>
            {
                if (instrument.Meter.Name == LedgerMetrics.MeterName && instrument.Meter.Scope == writer)
                {
                    heeding.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Hear(instrument.Name, value));
            listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Hear(instrument.Name, value));
            listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Hear(instrument.Name, value));
            listener.Start();

            void Hear(string name, double value)
            {
                heard.Enqueue((name, value));
                heeded?.Invoke(name);
            }
        }

        public IEnumerable<double> Of(string instrument)
        {
            if (instrument == LedgerMetrics.Queued)
            {
                listener.RecordObservableInstruments();
            }

            return heard.Where(one => one.Name == instrument).Select(one => one.Value);
        }

        public void Dispose() => listener.Dispose();
    }

    private sealed class GatedStore : ILedgerStore
    {
        private readonly AppendTurns turns = new();
        private long head;

        public List<int> Batches { get; } = [];

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string LedgerId => "gated";

        public Task<AppendResult> AppendAsync(Func<IReadOnlyList<AppendUnit>> fetch, CancellationToken cancellationToken) => turns.RunAsync(fetch, async batch =>
        {
            Batches.Add(batch.Count);
            Entered.TrySetResult();

            // As every store does: it answers later than it is asked, even if the gate stands open by now.
            await Gate.Task.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var first = head;
            head += batch.Count;
            return new AppendResult(first, [.. batch.Select((_, n) => UnitOutcome.Committed(first + n))]);
        }, cancellationToken);

        public Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long> GetHeadAsync(CancellationToken cancellationToken) => Task.FromResult(head);

        public ValueTask DisposeAsync()
        {
            turns.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
