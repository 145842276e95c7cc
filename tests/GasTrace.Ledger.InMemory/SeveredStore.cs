using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.InMemory;

/// <summary>One node's line to the shared store, which can be cut.</summary>
public sealed class SeveredStore(InMemoryLedgerStore store) : ILedgerStore
{
    public bool Severed { get; set; }

    public string LedgerId => store.LedgerId;

    private ILedgerStore Line => Severed ? throw new StoreUnavailableException("The line is cut.") : store;

    public Task<AppendResult> AppendAsync(Func<IReadOnlyList<AppendUnit>> fetch, CancellationToken cancellationToken) => Line.AppendAsync(fetch, cancellationToken);

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken) => Line.ReadAsync(from, limit, cancellationToken);

    public ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) => Line.GetCardsAsync(keys, cancellationToken);

    public Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken) => Line.FindClaimAsync(key, cancellationToken);

    public Task<long> GetHeadAsync(CancellationToken cancellationToken) => Line.GetHeadAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
