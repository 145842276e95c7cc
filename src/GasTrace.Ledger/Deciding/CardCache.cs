using BitFaster.Caching.Lru;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Deciding;

/// <summary>
/// Cards in process memory, bounded, in front of the store. It may be stale: whatever a decision rests on is checked again, by
/// version, in the append. A stale card costs a retry, never a wrong answer.
/// </summary>
/// <param name="store">What it stands in front of.</param>
/// <param name="cardsMax">Most cards in memory.</param>
/// <param name="keepsCylinders">
/// Whether cards of single cylinders are kept too. A store in the same process answers them faster than the collector carries
/// them: few are asked for twice within seconds.
/// </param>
public sealed class CardCache(ILedgerStore store, int cardsMax = LedgerLimits.CachedCardsDefault, bool keepsCylinders = true)
{
    private readonly ConcurrentLru<CardKey, Card> memory = new(Math.Max(cardsMax, 16));

    /// <summary>Cards that are in memory now.</summary>
    public int Count => memory.Count;

    /// <summary>Cards by key, in the order asked for. Absent ones are cards too, of version 0, and are remembered.</summary>
    public async ValueTask<IReadOnlyList<Card>> GetAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        var cards = new Card[keys.Count];
        List<CardKey>? missing = null;
        for (var i = 0; i < keys.Count; i++)
        {
            if (memory.TryGet(keys[i], out var card))
            {
                cards[i] = card;
            }
            else
            {
                (missing ??= []).Add(keys[i]);
            }
        }

        if (missing is null)
        {
            return cards;
        }

        var stored = await store.GetCardsAsync(missing, cancellationToken).ConfigureAwait(false);
        var next = 0;
        for (var i = 0; i < cards.Length; i++)
        {
            if (cards[i] is null)
            {
                var found = stored[next++];
                cards[i] = new Card(found.Key, found.Version, found.Version == 0 ? null : CardStates.Parse(found.Key, found.State.Span));
                Put(cards[i]);
            }
        }

        return cards;
    }

    /// <summary>Remembers a card unless a newer one is known.</summary>
    public void Put(Card card)
    {
        if ((keepsCylinders || !card.Key.IsOfOneCylinder) && (!memory.TryGet(card.Key, out var known) || known.Version < card.Version))
        {
            memory.AddOrUpdate(card.Key, card);
        }
    }

    /// <summary>Forgets a card: the next who asks reads the store.</summary>
    public void Drop(CardKey key) => memory.TryRemove(key, out _);
}
