using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sharing;

/// <summary>
/// Cards in a cache that nodes share. Never trusted: it may be slow, stale, flushed or gone. It answers "unknown" rather than
/// fail.
/// </summary>
public interface ISharedCards
{
    /// <summary>How long a card stays after it was taken in, at most.</summary>
    TimeSpan Lifetime { get; }

    /// <summary>Cards in the order asked for; null for those it does not know or cannot tell.</summary>
    ValueTask<IReadOnlyList<StoredCard?>> GetAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken);

    /// <summary>
    /// Offers cards: each replaces an older version, never a newer one. Answers whether all were taken in; never fails.
    /// </summary>
    ValueTask<bool> OfferAsync(IReadOnlyList<StoredCard> cards);
}
