using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Moving;

/// <summary>A claim as stored.</summary>
/// <param name="Key">The key.</param>
/// <param name="Position">Position of the entry that it leads to.</param>
public readonly record struct StoredClaim(string Key, long Position);

/// <summary>A ledger that can be read as a whole, with nobody writing to it meanwhile.</summary>
public interface ILedgerSource : IAsyncDisposable
{
    /// <summary>Identifies the ledger; a copy bears the same.</summary>
    string LedgerId { get; }

    /// <summary>How many entries it holds.</summary>
    Task<long> GetHeadAsync(CancellationToken cancellationToken);

    /// <summary>Entries from a position on, at most so many.</summary>
    Task<IReadOnlyList<LedgerEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken);

    /// <summary>Cards behind a key, in an order of the store's own, at most so many.</summary>
    Task<IReadOnlyList<StoredCard>> ReadCardsAsync(string after, int limit, CancellationToken cancellationToken);

    /// <summary>Claims behind a key, in an order of the store's own, at most so many.</summary>
    Task<IReadOnlyList<StoredClaim>> ReadClaimsAsync(string after, int limit, CancellationToken cancellationToken);
}

/// <summary>How far a copy has come.</summary>
/// <param name="NextEntry">The next entry to be written.</param>
/// <param name="LastCard">The last card written, in the source's order; empty before the first.</param>
/// <param name="LastClaim">The last claim written, in the source's order; empty before the first.</param>
public readonly record struct CopyState(long NextEntry, string LastCard, string LastClaim);

/// <summary>
/// A store that a ledger is copied into. Each write also moves the state on, in one transaction, so that a copy that was cut off
/// goes on where it was; until it is finished, no node can serve from the store.
/// </summary>
public interface ILedgerTarget : ILedgerSource
{
    /// <summary>Begins, or goes on with, the copy of a ledger.</summary>
    /// <exception cref="StoreStartException">The store holds something that is no unfinished copy of this ledger.</exception>
    Task<CopyState> BeginAsync(string ledgerId, CancellationToken cancellationToken);

    /// <summary>Writes entries that follow those written.</summary>
    Task WriteEntriesAsync(CopyState before, IReadOnlyList<LedgerEntry> entries, CancellationToken cancellationToken);

    /// <summary>Writes cards that follow those written.</summary>
    Task WriteCardsAsync(CopyState before, IReadOnlyList<StoredCard> cards, CancellationToken cancellationToken);

    /// <summary>Writes claims that follow those written.</summary>
    Task WriteClaimsAsync(CopyState before, IReadOnlyList<StoredClaim> claims, CancellationToken cancellationToken);

    /// <summary>Opens the copy to nodes.</summary>
    Task FinishAsync(CancellationToken cancellationToken);
}
