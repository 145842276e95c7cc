using CsCheck;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Contract;

/// <summary>What every store must keep. One suite; a class per store; and a deliberately broken store that must fail it.</summary>
public abstract class LedgerStoreContract : IAsyncLifetime
{
    private ILedgerStore store = null!; // null when the suite is skipped

    protected abstract Task<ILedgerStore> OpenAsync();

    public async ValueTask InitializeAsync() => store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
        {
            await store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_closed_can_be_closed_again()
    {
        await store.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public Task Positions_are_dense_from_zero() => Check.PositionsAreDense(store);

    [Fact]
    public Task What_was_written_is_what_is_read_to_the_byte() => Check.BytesAreKept(store);

    [Fact]
    public Task A_unit_whose_card_has_changed_loses_and_leaves_no_trace() => Check.StaleLoses(store);

    [Fact]
    public Task A_card_only_read_is_checked_too() => Check.ReadIsChecked(store);

    [Fact]
    public Task A_claim_is_taken_once_and_leads_to_the_entry_that_took_it() => Check.ClaimsAreUnique(store);

    [Fact]
    public Task A_loser_among_winners_makes_no_gap() => Check.LosersMakeNoGap(store);

    [Fact]
    public Task A_unit_without_entries_changes_its_card_and_no_position() => Check.CardOnly(store);

    [Fact]
    public Task Cards_are_answered_in_the_order_asked_for_and_absent_ones_as_version_zero() => Check.CardsInOrder(store);

    [Fact]
    public Task A_read_from_the_middle_begins_there_and_one_beyond_the_head_is_empty() => Check.ReadsFromTheMiddle(store);

    [Fact]
    public Task Many_callers_at_once_are_given_one_order() => Check.ManyCallers(store);

    [Fact]
    public Task A_batch_is_fetched_when_its_turn_has_come() => Check.FetchedInTurn(store);

    [Fact]
    public Task A_batch_of_nothing_changes_nothing() => Check.NothingToAppend(store);

    [Fact]
    public Task A_batch_that_cannot_be_fetched_fails_alone() => Check.FetchFails(store);

    [Fact]
    public Task Random_operations_agree_with_a_model() => Check.AgreesWithModel(store);
}

/// <summary>The checks themselves, so that the broken store can be put to them one by one.</summary>
internal static class Check
{
    public static AppendUnit Unit(int entries = 1, CardKey? card = null, long seen = 0, byte state = 1, params string[] claims) => new(
        [.. Enumerable.Range(0, entries).Select(n => new NewEntry(new EntryHeader(20 + n, "subject", "S1", "320102", "LPG", 1_000 + n), new byte[] { state, (byte)n }))],
        card is { } key ? [new CardRead(key, seen)] : [],
        card is { } written ? [new CardWrite(written, seen, new[] { state })] : [],
        [.. claims]);

    private static async Task<UnitOutcome> One(ILedgerStore store, AppendUnit unit) => (await store.AppendAsync([unit], default)).Outcomes[0];

    public static async Task PositionsAreDense(ILedgerStore store)
    {
        var first = await store.AppendAsync([Unit(2), Unit(1)], default);
        var second = await store.AppendAsync([Unit(3)], default);
        Assert.Equal((0, 3), (first.FirstPosition, second.FirstPosition));
        Assert.Equal([1, 2], first.Outcomes.Select(outcome => outcome.Position));
        Assert.Equal(Enumerable.Range(0, 6).Select(n => (long)n), (await store.ReadAsync(0, 100, default)).Select(entry => entry.Position));
        Assert.Equal(6, await store.GetHeadAsync(default));
    }

    public static async Task BytesAreKept(ILedgerStore store)
    {
        var payload = new byte[LedgerLimits.EntryBytesMax];
        Random.Shared.NextBytes(payload);
        var header = new EntryHeader(24, "气瓶 '; --", "S\u0001", "320102", "LPG", long.MaxValue);
        await One(store, new AppendUnit([new NewEntry(header, payload)], [], [], []));
        var entry = Assert.Single(await store.ReadAsync(0, 1, default));
        Assert.Equal(header, entry.Header);
        Assert.Equal(payload, entry.Payload.ToArray());
    }

    public static async Task StaleLoses(ILedgerStore store)
    {
        var key = new CardKey("cylinder:1");
        Assert.Equal(UnitFate.Committed, (await One(store, Unit(1, key))).Fate);
        var lost = await One(store, Unit(1, key, 0, 9, "r:lost"));
        Assert.Equal((UnitFate.StaleCard, key.Value), (lost.Fate, lost.Key));
        Assert.Equal(1, await store.GetHeadAsync(default));
        Assert.Null(await store.FindClaimAsync("r:lost", default));
        var card = (await store.GetCardsAsync([key], default))[0];
        Assert.Equal((1L, (byte)1), (card.Version, card.State.Span[0]));
    }

    public static async Task ReadIsChecked(ILedgerStore store)
    {
        var station = new CardKey("station:S1");
        await One(store, Unit(0, station));
        var unit = Unit(1, new CardKey("cylinder:2"));
        var outcome = await One(store, unit with { Reads = [.. unit.Reads, new CardRead(station, 0)] });
        Assert.Equal(UnitFate.StaleCard, outcome.Fate);
        Assert.Equal(0, (await store.GetCardsAsync([new CardKey("cylinder:2")], default))[0].Version);
    }

    public static async Task ClaimsAreUnique(ILedgerStore store)
    {
        var first = await One(store, Unit(2, claims: ["r:a", "s:x"]));
        Assert.Equal(first.Position, await store.FindClaimAsync("r:a", default));
        var taken = await One(store, Unit(1, claims: ["r:b", "s:x"]));
        Assert.Equal(UnitOutcome.Taken("s:x", first.Position), taken);
        Assert.Null(await store.FindClaimAsync("r:b", default));
        Assert.Equal(UnitFate.Committed, (await One(store, Unit(1, claims: ["r:b"]))).Fate);
    }

    public static async Task LosersMakeNoGap(ILedgerStore store)
    {
        var key = new CardKey("cylinder:3");
        await One(store, Unit(1, key));
        var result = await store.AppendAsync([Unit(1), Unit(2, key), Unit(1)], default);
        Assert.Equal([UnitFate.Committed, UnitFate.StaleCard, UnitFate.Committed], result.Outcomes.Select(outcome => outcome.Fate));
        Assert.Equal([0, 1, 2], (await store.ReadAsync(0, 10, default)).Select(entry => entry.Position));
    }

    public static async Task CardOnly(ILedgerStore store)
    {
        var key = new CardKey("cursor:a");
        Assert.Equal(UnitFate.Committed, (await One(store, Unit(0, key))).Fate);
        Assert.Equal(UnitFate.Committed, (await One(store, Unit(0, key, 1, 2))).Fate);
        Assert.Equal(0, await store.GetHeadAsync(default));
        Assert.Equal(2, (await store.GetCardsAsync([key], default))[0].Version);
    }

    public static async Task CardsInOrder(ILedgerStore store)
    {
        await One(store, Unit(0, new CardKey("b")));
        var cards = await store.GetCardsAsync([new CardKey("c"), new CardKey("b"), new CardKey("a")], default);
        Assert.Equal([("c", 0L), ("b", 1L), ("a", 0L)], cards.Select(card => (card.Key.Value, card.Version)));
    }

    public static async Task ReadsFromTheMiddle(ILedgerStore store)
    {
        await One(store, Unit(5));
        Assert.Equal([3, 4], (await store.ReadAsync(3, 10, default)).Select(entry => entry.Position));
        Assert.Equal([1, 2], (await store.ReadAsync(1, 2, default)).Select(entry => entry.Position));
        Assert.Empty(await store.ReadAsync(5, 10, default));
    }

    public static async Task ManyCallers(ILedgerStore store)
    {
        var key = new CardKey("cylinder:4");
        var won = 0;
        await Parallel.ForAsync(0, 200, async (n, token) =>
        {
            var outcome = (await store.AppendAsync([Unit(1, n % 2 == 0 ? key : new CardKey($"cylinder:x{n}"), claims: [$"r:{n / 2}"])], token)).Outcomes[0];
            Interlocked.Add(ref won, outcome.Fate == UnitFate.Committed ? 1 : 0);
        });
        var entries = await store.ReadAsync(0, 1_000, default);
        Assert.Equal(won, entries.Count);
        Assert.Equal(Enumerable.Range(0, won).Select(n => (long)n), entries.Select(entry => entry.Position));
        Assert.Equal(1, (await store.GetCardsAsync([key], default))[0].Version);
    }

    public static async Task FetchedInTurn(ILedgerStore store)
    {
        List<string> order = [];
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var go = new ManualResetEventSlim();
        var first = Task.Run(() => store.AppendAsync(() =>
        {
            begun.SetResult();
            go.Wait();
            order.Add("first");
            return [Unit(2)];
        }, default));
        await begun.Task;
        var second = Task.Run(() => store.AppendAsync(() =>
        {
            order.Add("second");
            return [Unit(1)];
        }, default));
        Assert.False(second.IsCompleted);
        go.Set();
        Assert.Equal([0L, 2L], (await Task.WhenAll(first, second)).Select(result => result.FirstPosition));
        Assert.Equal(["first", "second"], order);
    }

    public static async Task NothingToAppend(ILedgerStore store)
    {
        Assert.Empty((await store.AppendAsync([], default)).Outcomes);
        Assert.Equal(0, (await One(store, Unit(1))).Position);
    }

    public static async Task FetchFails(ILedgerStore store)
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.Run(() => store.AppendAsync(() => throw new InvalidOperationException(), default)));
        Assert.Equal(0, (await One(store, Unit(1))).Position);
    }

    public static async Task AgreesWithModel(ILedgerStore store)
    {
        var random = new Random(7);
        Dictionary<string, (long Version, byte State)> cards = [];
        Dictionary<string, long> claims = [];
        long head = 0;
        for (var step = 0; step < 400; step++)
        {
            var key = $"card:{random.Next(6)}";
            var seen = Math.Max(0, cards.GetValueOrDefault(key).Version - (random.Next(4) == 0 ? 1 : 0));
            var claim = $"r:{random.Next(120)}";
            var unit = Unit(random.Next(3), new CardKey(key), seen, (byte)step, claim);
            var outcome = await One(store, unit);
            var expected = claims.ContainsKey(claim) ? UnitFate.ClaimTaken : cards.GetValueOrDefault(key).Version != seen ? UnitFate.StaleCard : UnitFate.Committed;
            Assert.Equal(expected, outcome.Fate);
            if (expected == UnitFate.Committed)
            {
                claims[claim] = outcome.Position;
                cards[key] = (seen + 1, (byte)step);
                head += unit.Entries.Length;
            }
        }

        Assert.Equal(head, await store.GetHeadAsync(default));
        foreach (var (key, (version, state)) in cards)
        {
            var card = (await store.GetCardsAsync([new CardKey(key)], default))[0];
            Assert.Equal((version, state), (card.Version, card.State.Span[0]));
        }
    }
}
