using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Ledger.Tests;

/// <summary>Commands at a node whose cards are behind, and many at once.</summary>
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

    // More than are decided in one go, from many threads, some of which lose a race and some of which are rejected.
    [Fact]
    public async Task Whoever_comes_while_others_are_decided_is_answered()
    {
        await PutAsync("S1", leadsTo: "S1");
        await PutAsync("S2", leadsTo: "nowhere");
        var results = new CommandResult<string>[1_000];
        await Parallel.ForAsync(0, results.Length, async (caller, stop) => results[caller] = await runner.RunAsync(new VisitCommand(caller % 3 == 0 ? "S2" : "S1"), stop));
        Assert.All(results.Where((_, caller) => caller % 3 > 0), result => Assert.Equal("S1", result.Reply));
        Assert.All(results.Where((_, caller) => caller % 3 == 0), result => Assert.Equal("NOT_FOUND", result.Rejection?.Reason));
    }

    [Fact]
    public async Task A_command_that_fails_fails_alone()
    {
        await PutAsync("S1", leadsTo: "S1");
        var commands = Enumerable.Range(0, 200).Select(caller => runner.RunAsync(new VisitCommand("S1", failsAs: caller % 2 == 0 ? "A defect." : null), default).AsTask()).ToArray();
        for (var caller = 0; caller < commands.Length; caller++)
        {
            if (caller % 2 == 0)
            {
                Assert.Equal("A defect.", (await Assert.ThrowsAsync<InvalidOperationException>(() => commands[caller])).Message);
            }
            else
            {
                Assert.Equal("S1", (await commands[caller]).Reply);
            }
        }
    }

    [Fact]
    public async Task A_command_that_waits_for_a_card_holds_nobody_up()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new LateStore(store, CardKey.Station("S9"), slow.Task);
        var behind = new CommandRunner(late, new CardCache(late), writer, TimeProvider.System);
        await PutAsync("S1", leadsTo: "S1");
        await PutAsync("S9", leadsTo: "S9");
        var waiting = behind.RunAsync(new VisitCommand("S9"), default).AsTask();
        Assert.Equal("S1", (await behind.RunAsync(new VisitCommand("S1"), default)).Reply);
        Assert.False(waiting.IsCompleted);
        slow.SetResult();
        Assert.Equal("S9", (await waiting).Reply);
    }

    public async ValueTask DisposeAsync() => await writer.DisposeAsync();

    private async Task PutAsync(string id, string leadsTo)
    {
        var key = CardKey.Station(id);
        var version = (await store.GetCardsAsync([key], default))[0].Version;
        await store.AppendAsync([new AppendUnit([], [new CardRead(key, version)], [new CardWrite(key, version, new Station { StationId = id, UnitId = leadsTo }.ToByteArray())], [])], default);
    }

    /// <summary>Goes where a station leads, if that is there.</summary>
    private sealed class VisitCommand(string first, string? failsAs = null) : ICommand<string>
    {
        public string RequestId => string.Empty;

        public ReadOnlyMemory<byte> RequestDigest => default;

        public Rejection? Validate() => null;

        public void Name(CardSet cards) => Target(cards);

        public Decision Decide(CardSet cards, Moment now)
        {
            if (failsAs is not null)
            {
                throw new InvalidOperationException(failsAs);
            }

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

    /// <summary>A store that has one card late.</summary>
    private sealed class LateStore(InMemoryLedgerStore store, CardKey late, Task until) : ILedgerStore
    {
        public string LedgerId => store.LedgerId;

        public async ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
        {
            await (keys.Contains(late) ? until : Task.CompletedTask);
            return await store.GetCardsAsync(keys, cancellationToken);
        }

        public Task<AppendResult> AppendAsync(Func<IReadOnlyList<AppendUnit>> fetch, CancellationToken cancellationToken) => store.AppendAsync(fetch, cancellationToken);

        public Task<IReadOnlyList<Storage.LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken) => store.ReadAsync(from, limit, cancellationToken);

        public Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken) => store.FindClaimAsync(key, cancellationToken);

        public Task<long> GetHeadAsync(CancellationToken cancellationToken) => store.GetHeadAsync(cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
