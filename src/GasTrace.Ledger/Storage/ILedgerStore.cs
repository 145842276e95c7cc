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
    /// Appends the units that pass; those that lost are reported and leave no trace. One batch at a time, in the order in which
    /// they were asked for. No unit of a batch writes a card that another reads or writes, nor takes the same claim.
    /// </summary>
    /// <param name="fetch">
    /// Gives the units, none for nothing to append. Called once, on any thread, when the batch's turn has come; not at all when the
    /// store fails before.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting for the turn.</param>
    /// <exception cref="StoreUnavailableException">Nothing was appended.</exception>
    Task<AppendResult> AppendAsync(Func<IReadOnlyList<AppendUnit>> fetch, CancellationToken cancellationToken);

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

/// <summary>Appends of who has the units at hand.</summary>
public static class LedgerStoreAppends
{
    /// <summary>Appends a batch that is complete already.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was appended.</exception>
    public static Task<AppendResult> AppendAsync(this ILedgerStore store, IReadOnlyList<AppendUnit> batch, CancellationToken cancellationToken) =>
        store.AppendAsync(() => batch, cancellationToken);
}
