using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Ledger.Tests;

/// <summary>A command at a node whose cards are behind.</summary>
public sealed class CommandRunnerTests : IAsyncDisposable
{
    private readonly InMemoryLedgerStore store = new();
    private readonly CardCache cache;
    private readonly LedgerWriter writer;
    private readonly CommandRunner runner;

    public CommandRunnerTests()
    {
        cache = new CardCache(store);
        writer = new LedgerWriter(store, new LedgerTail(0));
        runner = new CommandRunner(store, cache, writer, TimeProvider.System);
    }

    [Fact]
    public async Task A_rejection_that_rests_on_a_card_named_only_at_the_second_try_is_looked_at_again()
    {
        await PutAsync("S1", leadsTo: "S2");
        await cache.GetAsync([CardKey.Station("S1"), CardKey.Station("S2"), CardKey.Station("S3")], default);

        // Another node puts S3 there, and has S1 lead to it; this one has not heard of it.
        await PutAsync("S3", leadsTo: "S3");
        await PutAsync("S1", leadsTo: "S3");
        var result = await runner.RunAsync(new VisitCommand("S1"), default);
        Assert.Null(result.Rejection);
        Assert.Equal("S3", result.Reply);
    }

    [Fact]
    public async Task A_rejection_that_the_store_confirms_is_answered()
    {
        await PutAsync("S1", leadsTo: "S2");
        Assert.Equal("NOT_FOUND", (await runner.RunAsync(new VisitCommand("S1"), default)).Rejection?.Reason);
    }

    public async ValueTask DisposeAsync() => await writer.DisposeAsync();

    private async Task PutAsync(string id, string leadsTo)
    {
        var key = CardKey.Station(id);
        var version = (await store.GetCardsAsync([key], default))[0].Version;
        await store.AppendAsync([new AppendUnit([], [new CardRead(key, version)], [new CardWrite(key, version, new Station { StationId = id, UnitId = leadsTo }.ToByteArray())], [])], default);
    }

    /// <summary>Goes where a station leads, if that is there.</summary>
    private sealed class VisitCommand(string first) : ICommand<string>
    {
        public string RequestId => string.Empty;

        public ReadOnlyMemory<byte> RequestDigest => default;

        public Rejection? Validate() => null;

        public void Name(CardSet cards) => Target(cards);

        public Decision Decide(CardSet cards, Moment now)
        {
            if (Target(cards) is not { } target)
            {
                return Decision.Rejected(Rejection.NotFound("station_id", first, new("充装站", "station")));
            }

            var happened = Origin.Service.Event(now, target.StationId, target.StationId);
            happened.StationPut = new StationPut { Station = target };
            return Decision.Happened([happened], []);
        }

        public string Reply(Event answer, long position) => answer.Subject;

        private Station? Target(CardSet cards) =>
            cards.Get<Station>(CardKey.Station(first)) is { } station ? cards.Get<Station>(CardKey.Station(station.UnitId)) : null;
    }
}
