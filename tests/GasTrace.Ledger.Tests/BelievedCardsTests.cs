using System.Collections.Immutable;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using GasTrace.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Tests;

/// <summary>What of a shared cache that missed changes is believed: as much as can be remembered by name, or nothing.</summary>
public sealed class BelievedCardsTests
{
    private const int DoubtsMax = 48;
    private const int Flood = DoubtsMax * 4;
    private readonly LyingCards shared = new();
    private readonly FakeTimeProvider time = new();
    private readonly TellingLog log = new();
    private readonly BelievedCards believed;

    public BelievedCardsTests()
    {
        believed = new BelievedCards(shared, time, log, believes: true, DoubtsMax);
        foreach (var number in Enumerable.Range(0, Flood + 1).Append(9_999))
        {
            shared.Cards[Key(number)] = Card(number, 1);
        }
    }

    [Fact]
    public async Task What_has_no_room_by_name_makes_nothing_be_believed_until_it_has_expired()
    {
        believed.Doubt(Key(0), 1);
        Assert.False(await IsBelievedAsync(0));
        Assert.True(await IsBelievedAsync(9_999));
        time.Advance(shared.Lifetime / 2);
        foreach (var number in Enumerable.Range(1, Flood))
        {
            believed.Doubt(Key(number), 1);
        }

        Assert.False(await IsBelievedAsync(0));
        Assert.False(await IsBelievedAsync(9_999));
        Assert.Contains("not from the shared cache", Assert.Single(log.Told), StringComparison.Ordinal);

        // Of what was pushed out the youngest arose half a lifetime after the first.
        time.Advance(shared.Lifetime - TimeSpan.FromSeconds(1));
        Assert.False(await IsBelievedAsync(9_999));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await IsBelievedAsync(9_999));
    }

    [Fact]
    public async Task What_is_older_than_any_card_lives_may_be_pushed_out()
    {
        foreach (var number in Enumerable.Range(1, DoubtsMax))
        {
            believed.Doubt(Key(number), 1);
        }

        time.Advance(shared.Lifetime);
        foreach (var number in Enumerable.Range(1, DoubtsMax))
        {
            believed.Doubt(Key(DoubtsMax + number), 1);
        }

        Assert.True(await IsBelievedAsync(9_999));
        Assert.False(await IsBelievedAsync(DoubtsMax + 1));
        Assert.Empty(log.Told);
    }

    [Fact]
    public async Task What_arises_anew_is_the_last_to_be_pushed_out()
    {
        foreach (var number in Enumerable.Range(0, DoubtsMax).Append(0))
        {
            believed.Doubt(Key(number), 1);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        // One second after the first, the second arose: it makes room, and counts.
        believed.Doubt(Key(DoubtsMax), 1);
        time.Advance(shared.Lifetime - TimeSpan.FromSeconds(DoubtsMax + 1));
        Assert.False(await IsBelievedAsync(9_999));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await IsBelievedAsync(9_999));
        Assert.False(await IsBelievedAsync(0));
    }

    [Fact]
    public void A_card_whose_doubt_makes_room_is_believed_at_no_moment()
    {
        // Whatever is done about it asks for the time: just then somebody reads.
        var asked = new AskedTime();
        var cards = new BelievedCards(shared, asked, log, believes: true, DoubtsMax);
        cards.Doubt(Key(0), 1);
        void Read()
        {
            var read = cards.GetAsync([Key(0)], default);
            Assert.True(read.IsCompletedSuccessfully);
            Assert.Null(read.Result[0]);
            asked.Asked = Read;
        }

        asked.Asked = Read;
        foreach (var number in Enumerable.Range(1, Flood))
        {
            cards.Doubt(Key(number), 1);
        }

        Assert.Single(log.Told);
    }

    [Fact]
    public async Task Fills_that_the_shared_cache_missed_push_out_nothing_that_was_put_on_the_register()
    {
        shared.Frozen = true;
        believed.Doubt(Key(0), 1);
        await MissFillsAsync();
        Assert.False(await IsBelievedAsync(0));
        Assert.True(await IsBelievedAsync(9_999));
    }

    [Fact]
    public async Task What_this_node_put_on_the_register_and_could_not_bring_there_is_not_forgotten_either()
    {
        shared.Frozen = true;
        believed.Offer([Card(0, 2)], 0, Cause(new Event { CylinderHeld = new CylinderHeld() }));
        await UntilAsync(0, isBelieved: false);
        await MissFillsAsync();
        Assert.False(await IsBelievedAsync(0));
        shared.Frozen = false;
        believed.Offer([Card(0, 1)], 0, []);
        Assert.False(await IsBelievedAsync(0));
        believed.Offer([Card(0, 2)], 0, []);
        await UntilAsync(0, isBelieved: true);
        Assert.Equal(2, shared.Cards[Key(0)].Version);
    }

    [Fact]
    public async Task After_an_entry_that_only_newer_nodes_know_nothing_is_believed_that_may_be_older()
    {
        await using var store = new InMemoryLedgerStore();
        var cache = new CardCache(store, shared: believed);
        cache.Forget([new LedgerEntry(0, new EntryHeader(900, "", "", "", "", 0), new Event { Subject = "?" }.ToByteArray())]);
        Assert.False(await IsBelievedAsync(9_999));
        time.Advance(shared.Lifetime);
        Assert.True(await IsBelievedAsync(9_999));
    }

    [Fact]
    public async Task A_read_that_begins_while_a_change_is_being_heard_of_does_not_bring_the_old_state_back()
    {
        await using var store = new InMemoryLedgerStore();
        var key = CardKey.Station("S1");
        var old = new StoredCard(key, 1, new Station { Name = "a" }.ToByteArray());
        var happened = Origin.Service.Event(new Moment(DateTimeOffset.UnixEpoch), "S1", "S1");
        happened.StationPut = new StationPut { Station = new Station { StationId = "S1", Name = "b" } };
        await store.AppendAsync(
            [
                new AppendUnit([], [new CardRead(key, 0)], [new CardWrite(key, 0, old.State)], []),
                new AppendUnit([new NewEntry(EntryHeader.Of(happened), happened.ToByteArray())], [new CardRead(key, 1)], [new CardWrite(key, 1, happened.StationPut.Station.ToByteArray())], []),
            ],
            default);
        shared.Frozen = true;
        shared.Cards[key] = old;

        // A doubt notes the time: just then somebody asks.
        var asked = new AskedTime();
        var cache = new CardCache(store, storeIsFar: false, shared: new BelievedCards(shared, asked, log, believes: true));
        asked.Asked = () => Assert.True(cache.GetAsync([key], default).AsTask().IsCompletedSuccessfully);
        cache.Forget(await store.ReadAsync(0, 1, default));
        Assert.Equal("b", ((Station)(await cache.GetAsync([key], default))[0].State!).Name);
    }

    private static CardKey Key(int number) => CardKey.Cylinder($"C{number}");

    private static StoredCard Card(int number, long version) => new(Key(number), version, new byte[] { 1 });

    private static ImmutableArray<NewEntry> Cause(Event happened) => [new NewEntry(new EntryHeader((int)happened.BodyCase, "", "", "", "", 0), happened.ToByteArray())];

    private async Task MissFillsAsync()
    {
        foreach (var number in Enumerable.Range(1, Flood))
        {
            believed.Offer([Card(number, 2)], 0, Cause(new Event { PermitIssued = new PermitIssued() }));
        }

        // The last to be offered is the last to be missed, and is not pushed out.
        await UntilAsync(Flood, isBelieved: false);
    }

    // Nobody is told when an offer has been missed, or taken.
    private async Task UntilAsync(int number, bool isBelieved)
    {
        while (await IsBelievedAsync(number) != isBelieved)
        {
            await Task.Yield();
        }
    }

    private async Task<bool> IsBelievedAsync(int number) => (await believed.GetAsync([Key(number)], default))[0] is not null;

    private sealed class TellingLog : ILogger<BelievedCards>
    {
        public List<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Told.Add(formatter(state, exception));
    }

    private sealed class AskedTime : TimeProvider
    {
        public Action? Asked { get; set; }

        public override long GetTimestamp()
        {
            var asked = Asked;
            Asked = null;
            asked?.Invoke();
            return base.GetTimestamp();
        }
    }
}
