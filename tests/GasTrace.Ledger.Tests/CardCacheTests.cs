using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Tests;

/// <summary>What two nodes see of a card that one of them changes, with a shared cache that fails, lies and forgets.</summary>
public sealed class CardCacheTests : IAsyncDisposable
{
    private static readonly CardKey Key = CardKey.Station("S1");
    private readonly InMemoryLedgerStore store = new();
    private readonly LyingCards shared = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch);
    private readonly CardCache here;
    private readonly CardCache there;

    public CardCacheTests()
    {
        here = new CardCache(store, shared: Believed(shared));
        there = new CardCache(store, shared: Believed(shared));
    }

    [Fact]
    public async Task What_another_node_changed_is_forgotten_and_read_again()
    {
        await WriteAsync(here, "a");
        Assert.Equal("a", await ReadAsync(there));
        var entry = await WriteAsync(here, "b");
        Assert.Equal("a", await ReadAsync(there));
        there.Forget([entry]);
        Assert.Equal("b", await ReadAsync(there));
    }

    [Fact]
    public async Task Who_asks_for_nothing_asks_nobody()
    {
        var cut = new SeveredStore(store) { Severed = true };
        Assert.Empty(await new CardCache(cut).GetAsync([], default));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await new CardCache(cut).GetAsync([Key], default));
    }

    [Fact]
    public async Task What_another_node_put_on_the_register_is_not_believed_of_a_shared_cache_that_missed_it()
    {
        await WriteAsync(here, "a");
        shared.Frozen = true;
        there.Forget([await WriteAsync(here, "b")]);
        Assert.Equal("b", await ReadAsync(there));
        there.Forget([await WriteAsync(here, "c")]);
        Assert.Equal("c", await ReadAsync(there));
        Assert.Equal("a", shared.Cards[Key].State.Length > 0 ? Station.Parser.ParseFrom(shared.Cards[Key].State.Span).Name : "");
    }

    [Theory]
    [InlineData(ViolationCode.Overfilled, "b")]
    [InlineData(ViolationCode.SequenceGap, "a")]
    public async Task A_fill_that_holds_its_cylinder_is_as_a_hold_on_the_register(ViolationCode violation, string read)
    {
        var cylinder = CardKey.Cylinder("C1");
        var happened = Origin.Service.Event(new Moment(DateTimeOffset.UnixEpoch), "C1", "S1");
        happened.FillCompleted = new FillCompleted { Report = new FillReport(), Violations = { new Finding { Violation = violation } } };
        shared.Cards[cylinder] = new StoredCard(cylinder, 1, new CylinderCard { Cylinder = new Cylinder { Code = "a" } }.ToByteArray());
        var newer = new CardWrite(cylinder, 0, new CylinderCard { Cylinder = new Cylinder { Code = "b" } }.ToByteArray());
        await store.AppendAsync([new AppendUnit([new NewEntry(EntryHeader.Of(happened), happened.ToByteArray())], [new CardRead(cylinder, 0)], [newer], [])], default);

        // The shared cache missed it; for what happens at every fill that is borne, since the append sees to it.
        there.Forget([(await store.ReadAsync(0, 1, default))[0]]);
        Assert.Equal(read, ((CylinderCard)(await there.GetAsync([cylinder], default))[0].State!).Cylinder.Code);
    }

    [Fact]
    public async Task A_node_that_starts_asks_the_store_of_what_the_shared_cache_may_have_missed_before()
    {
        await WriteAsync(here, "a");
        shared.Frozen = true;
        await WriteAsync(here, "b");
        Assert.Equal("b", await ReadAsync(new CardCache(store, shared: new BelievedCards(shared, time, NullLogger<BelievedCards>.Instance, believes: false))));
        shared.Frozen = false;
        var believed = new BelievedCards(shared, time, NullLogger<BelievedCards>.Instance, believes: false);
        var started = new CardCache(store, shared: believed);
        var reader = new Ledger.Tailing.LedgerReader(store, new Ledger.Tailing.LedgerTail(2));
        await new SharedCardsReview(started, believed, shared, reader, time, NullLogger<SharedCardsReview>.Instance).RunAsync(default);
        Assert.Equal("b", await ReadAsync(started));
        Assert.Equal("b", Station.Parser.ParseFrom(shared.Cards[Key].State.Span).Name);
    }

    [Fact]
    public async Task A_read_that_began_before_a_change_was_heard_of_does_not_bring_the_old_state_back()
    {
        await WriteAsync(here, "a");
        shared.Gate = new TaskCompletionSource();
        var slow = ReadAsync(there);
        var entry = await WriteAsync(here, "b");
        there.Forget([entry]);
        shared.Gate.SetResult();
        shared.Gate = null;
        await slow;
        Assert.Equal("b", await ReadAsync(there));
    }

    [Fact]
    public async Task What_this_node_wrote_is_not_kept_when_another_node_has_changed_it_meanwhile()
    {
        await WriteAsync(here, "a");
        await ReadAsync(there);
        var since = there.Now;
        var unit = Unit("b", 1);
        await store.AppendAsync([unit], default);
        there.Forget([await WriteAsync(here, "c")]);
        there.Put(unit, [new CardChange(Key, new Station { Name = "b" })], since);
        Assert.Equal("c", await ReadAsync(there));
    }

    [Fact]
    public async Task A_damaged_card_in_the_shared_cache_is_read_from_the_store()
    {
        await WriteAsync(here, "a");
        shared.Cards[Key] = new StoredCard(Key, 9, new byte[] { 0xff, 0xff });
        Assert.Equal("a", await ReadAsync(there));
    }

    [Fact]
    public async Task An_entry_of_a_kind_that_only_newer_nodes_know_makes_everything_be_read_again()
    {
        await WriteAsync(here, "a");
        await ReadAsync(there);
        Assert.Equal(1, there.Count);
        there.Forget([new LedgerEntry(0, new EntryHeader(900, "", "", "", "", 0), new Event { Subject = "?" }.ToByteArray())]);
        Assert.Equal(0, there.Count);
    }

    [Fact]
    public async Task What_this_node_wrote_puts_an_older_state_out_even_when_it_is_not_kept_itself()
    {
        await WriteAsync(here, "a");
        var since = there.Now;
        there.Forget([await WriteAsync(here, "b")]);
        Assert.Equal("b", await ReadAsync(there));

        // The answer to its own append comes late: it was asked for before the other's change was heard of.
        var unit = Unit("c", 2);
        await store.AppendAsync([unit], default);
        there.Put(unit, [new CardChange(Key, new Station { Name = "c" })], since);
        Assert.Equal("c", await ReadAsync(there));
    }

    [Fact]
    public async Task What_is_written_and_what_is_heard_of_at_the_same_moment_never_leaves_an_old_state_behind()
    {
        // Each round hands over twice, which takes milliseconds where other processes keep the processors busy: then there are fewer.
        const int RoundsMax = 50_000;
        var longEnough = TimeSpan.FromSeconds(5);
        var heard = await WriteAsync(here, "b");
        var alone = new CardCache(store);
        using var round = new Barrier(2);
        var kept = 0;
        var ended = false;
        var hearing = new Thread(() =>
        {
            while (true)
            {
                round.SignalAndWait();
                if (ended)
                {
                    return;
                }

                alone.Forget([heard]);
                round.SignalAndWait();
            }
        });
        hearing.Start();
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < RoundsMax && TimeProvider.System.GetElapsedTime(began) < longEnough; i++)
        {
            var (since, unit) = (alone.Now, Unit("a", i));
            round.SignalAndWait();
            alone.Put(unit, [new CardChange(Key, new Station { Name = "a" })], since);
            round.SignalAndWait();
            kept += alone.Count;
        }

        ended = true;
        round.SignalAndWait();
        hearing.Join();
        Assert.Equal(0, kept);
    }

    [Fact]
    public async Task Without_a_shared_cache_everything_works_from_the_store()
    {
        var alone = new CardCache(store);
        await WriteAsync(here, "a");
        Assert.Equal("a", await ReadAsync(alone));
        var entry = await WriteAsync(here, "b");
        alone.Forget([entry]);
        Assert.Equal("b", await ReadAsync(alone));
    }

    [Fact]
    public async Task While_reads_are_under_way_those_who_come_are_read_for_together()
    {
        shared.Gate = new TaskCompletionSource();
        var keys = Enumerable.Range(0, LedgerLimits.CardReadsAtOnce + 20).Select(n => CardKey.Station($"S{n}")).ToArray();
        var reads = keys.Select(key => here.GetAsync([key], default).AsTask()).ToArray();
        Assert.All(shared.Asked, asked => Assert.Single(asked));
        Assert.Equal(LedgerLimits.CardReadsAtOnce, shared.Asked.Count);
        shared.Gate.SetResult();
        Assert.Equal(keys, (await Task.WhenAll(reads)).Select(cards => Assert.Single(cards).Key));
        Assert.Equal(LedgerLimits.CardReadsAtOnce + 1, shared.Asked.Count);
        Assert.Equal(keys[LedgerLimits.CardReadsAtOnce..], shared.Asked[^1]);
    }

    [Fact]
    public async Task No_more_cards_are_read_together_than_there_may_be()
    {
        shared.Gate = new TaskCompletionSource();
        var reads = Enumerable.Range(0, LedgerLimits.CardReadsAtOnce + LedgerLimits.CardsTogetherMax)
            .Select(n => here.GetAsync([CardKey.Station($"S{n}"), CardKey.Terminal($"T{n}")], default).AsTask()).ToArray();
        shared.Gate.SetResult();
        Assert.All(await Task.WhenAll(reads), cards => Assert.Equal(2, cards.Count));
        Assert.Equal(LedgerLimits.CardReadsAtOnce + 2, shared.Asked.Count);
        Assert.Equal(LedgerLimits.CardsTogetherMax, shared.Asked.Max(asked => asked.Count));
    }

    [Fact]
    public async Task A_card_that_cannot_be_read_fails_only_who_asks_for_it()
    {
        var damaged = CardKey.Station("damaged");
        await store.AppendAsync([new AppendUnit([], [new CardRead(damaged, 0)], [new CardWrite(damaged, 0, new byte[] { 0xff, 0xff })], [])], default);
        await WriteAsync(here, "a");
        shared.Gate = new TaskCompletionSource();
        var before = Enumerable.Range(0, LedgerLimits.CardReadsAtOnce).Select(n => there.GetAsync([CardKey.Terminal($"T{n}")], default).AsTask()).ToArray();
        var (unreadable, sound) = (there.GetAsync([damaged], default).AsTask(), ReadAsync(there));
        shared.Gate.SetResult();
        Assert.Equal("a", await sound);
        await Assert.ThrowsAsync<InvalidDataException>(() => unreadable);
        await Task.WhenAll(before);
    }

    [Fact]
    public async Task That_the_store_is_away_is_told_to_all_who_asked_and_each_does_not_ask_again()
    {
        var away = new CardCache(new SeveredStore(store) { Severed = true }, shared: Believed(shared));
        shared.Gate = new TaskCompletionSource();
        var reads = Enumerable.Range(0, LedgerLimits.CardReadsAtOnce + 20).Select(n => away.GetAsync([CardKey.Station($"S{n}")], default).AsTask()).ToArray();
        shared.Gate.SetResult();
        foreach (var read in reads)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => read);
        }

        Assert.Equal(LedgerLimits.CardReadsAtOnce + 1, shared.Asked.Count);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_let_go_and_the_others_are_answered()
    {
        await WriteAsync(here, "a");
        shared.Gate = new TaskCompletionSource();
        using var patience = new CancellationTokenSource();
        var impatient = there.GetAsync([Key], patience.Token).AsTask();
        var patient = ReadAsync(there);
        patience.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        shared.Gate.SetResult();
        Assert.Equal("a", await patient);
    }

    [Fact]
    public async Task While_offers_are_under_way_the_next_ones_go_together()
    {
        shared.Gate = new TaskCompletionSource();
        foreach (var version in Enumerable.Range(0, LedgerLimits.CardOffersAtOnce + 20))
        {
            here.Put(Unit("a", version), [new CardChange(Key, new Station { Name = "a" })], here.Now);
        }

        Assert.Equal(Enumerable.Repeat(1, LedgerLimits.CardOffersAtOnce), shared.Offered);
        shared.Gate.SetResult();
        await UntilSharedAsync(Key, LedgerLimits.CardOffersAtOnce + 20);
        Assert.Equal([.. Enumerable.Repeat(1, LedgerLimits.CardOffersAtOnce), 20], shared.Offered);
    }

    [Fact]
    public async Task A_shared_cache_that_is_slower_than_cards_change_is_offered_no_more_than_may_wait_and_is_not_believed_of_the_rest()
    {
        const int Taken = LedgerLimits.CardOffersAtOnce + LedgerLimits.CardOffersWaitingMax;
        var key = CardKey.Cylinder("C1");
        shared.Gate = new TaskCompletionSource();
        for (var version = 0; version < Taken; version++)
        {
            await IssueAsync(key, version, "a");
        }

        var last = await IssueAsync(key, Taken, "b");
        shared.Gate.SetResult();
        await UntilSharedAsync(key, Taken);

        // Of two that are under way, the one with the last version may be taken in before the other has even come.
        while (shared.Offered.Sum() < Taken)
        {
            await Task.Yield();
        }

        Assert.Equal(Taken, shared.Offered.Sum());

        // A permit is daily: it is not for having heard of it that the shared cache is not believed.
        here.Forget([last]);
        Assert.Equal("b", ((CylinderCard)(await here.GetAsync([key], default))[0].State!).Cylinder.Code);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    // Offers are taken in side by side, and nobody is told.
    private async Task UntilSharedAsync(CardKey key, long version)
    {
        while (!shared.Cards.TryGetValue(key, out var card) || card.Version != version)
        {
            await Task.Yield();
        }
    }

    private BelievedCards Believed(ISharedCards cards) => new(cards, time, NullLogger<BelievedCards>.Instance, believes: true);

    private static async Task<string> ReadAsync(CardCache cache) => ((Station)(await cache.GetAsync([Key], default))[0].State!).Name;

    private static AppendUnit Unit(string name, long seen)
    {
        var happened = Origin.Service.Event(new Moment(DateTimeOffset.UnixEpoch), "S1", "S1");
        happened.StationPut = new StationPut { Station = new Station { StationId = "S1", Name = name } };
        return new AppendUnit(
            [new NewEntry(EntryHeader.Of(happened), happened.ToByteArray())], [new CardRead(Key, seen)],
            [new CardWrite(Key, seen, happened.StationPut.Station.ToByteArray())], []);
    }

    private async Task<LedgerEntry> IssueAsync(CardKey cylinder, long seen, string code)
    {
        var happened = Origin.Service.Event(new Moment(DateTimeOffset.UnixEpoch), "C1", "S1");
        happened.PermitIssued = new PermitIssued { Terms = new PermitTerms() };
        var card = new CylinderCard { Cylinder = new Cylinder { Code = code } };
        var unit = new AppendUnit([new NewEntry(EntryHeader.Of(happened), happened.ToByteArray())], [new CardRead(cylinder, seen)], [new CardWrite(cylinder, seen, card.ToByteArray())], []);
        var result = await store.AppendAsync([unit], default);
        here.Put(unit, [new CardChange(cylinder, card)], here.Now);
        return (await store.ReadAsync(result.FirstPosition, 1, default))[0];
    }

    private async Task<LedgerEntry> WriteAsync(CardCache by, string name)
    {
        var since = by.Now;
        var unit = Unit(name, (await store.GetCardsAsync([Key], default))[0].Version);
        var result = await store.AppendAsync([unit], default);
        Assert.Equal(UnitFate.Committed, result.Outcomes[0].Fate);
        by.Put(unit, [new CardChange(Key, new Station { StationId = "S1", Name = name })], since);
        return (await store.ReadAsync(result.FirstPosition, 1, default))[0];
    }
}
