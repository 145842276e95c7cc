using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Simulation.Stores;

/// <summary>The store's port as a node has it: over its line.</summary>
internal sealed class LedgerLine(Database database, Line line) : ILedgerStore
{
    private readonly AppendTurns turns = new();
    private readonly HashSet<string> claimed = new(StringComparer.Ordinal);

    public string LedgerId => database.Ledger.LedgerId;

    public Task<AppendResult> AppendAsync(Func<IReadOnlyList<AppendUnit>> fetch, CancellationToken cancellationToken) =>
        turns.RunAsync(fetch, batch => AppendAsync(batch, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken) =>
        CallAsync(writes: false, () => database.Ledger.ReadAsync(from, limit, default), cancellationToken);

    public ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) =>
        new(CallAsync(writes: false, () => database.Ledger.GetCardsAsync(keys, default).AsTask(), cancellationToken));

    public Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken) =>
        CallAsync(writes: false, () => database.Ledger.FindClaimAsync(key, default), cancellationToken);

    public Task<long> GetHeadAsync(CancellationToken cancellationToken) => CallAsync(writes: false, () => database.Ledger.GetHeadAsync(default), cancellationToken);

    public ValueTask DisposeAsync()
    {
        turns.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<AppendResult> AppendAsync(IReadOnlyList<AppendUnit> batch, CancellationToken cancellationToken) => database.Fault switch
    {
        SimulatedFault.AcknowledgesBeforeCommit => AcknowledgeAsync(batch, cancellationToken),
        SimulatedFault.RetriesWithoutClaims => CallAsync(writes: true, () => database.Ledger.AppendAsync([.. batch.Select(WithoutClaims)], default), cancellationToken),
        _ => CallAsync(writes: true, () => database.Ledger.AppendAsync(batch, default), cancellationToken),
    };

    // The store in memory answers at once: what is late, and what fails, is the line's doing.
    private Task<TAnswer> CallAsync<TAnswer>(bool writes, Func<Task<TAnswer>> act, CancellationToken cancellationToken) =>
        database.CallAsync(line, writes, () => act().GetAwaiter().GetResult(), cancellationToken);

    // Planted: the answer is what the append should come to, and the append comes after it.
    private Task<AppendResult> AcknowledgeAsync(IReadOnlyList<AppendUnit> batch, CancellationToken cancellationToken) => CallAsync(writes: false, async () =>
    {
        var first = await database.Ledger.GetHeadAsync(default);
        var next = first;
        var outcomes = batch.Select(unit => UnitOutcome.Committed((next += unit.Entries.Length) - 1)).ToList();
        database.Later(() =>
        {
            if (!database.IsStopped)
            {
                database.Ledger.AppendAsync(batch, default).GetAwaiter().GetResult();
                database.Appended();
            }
        });
        return new AppendResult(first, outcomes);
    }, cancellationToken);

    // Planted: what is tried again goes without what would tell that it was done.
    private AppendUnit WithoutClaims(AppendUnit unit) => unit.Claims.Length > 0 && !claimed.Add(unit.Claims[0]) ? unit with { Claims = [] } : unit;
}
