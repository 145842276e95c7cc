using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Storage;

/// <summary>
/// Storage knows nothing of cylinders: entries, cards with versions, claims. An append is one transaction and totally
/// ordered, positions are dense, and what it answered is durable.
/// </summary>
public interface ILedgerStore : IAsyncDisposable
{
    /// <summary>Identifies this ledger for ever: a cursor of another ledger is told apart by it.</summary>
    string LedgerId { get; }

    /// <summary>
    /// Appends the units that pass; those that lost are reported and leave no trace. No unit of a batch writes a card that
    /// another reads or writes, nor takes the same claim.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was appended.</exception>
    Task<AppendResult> AppendAsync(IReadOnlyList<AppendUnit> batch, CancellationToken cancellationToken);

    /// <summary>Entries from a position on, at most so many.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken);

    /// <summary>Cards by key, in the order asked for; version 0 for those never written.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken);

    /// <summary>The position of the entry that took a claim, or null: asked when a repeated request would be rejected.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken);

    /// <summary>The next position, which is how many entries there are.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    Task<long> GetHeadAsync(CancellationToken cancellationToken);
}
