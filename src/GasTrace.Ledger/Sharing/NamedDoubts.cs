using System.Collections.Concurrent;
using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Sharing;

/// <summary>That the shared cache is not believed of a card.</summary>
/// <param name="AsOf">When this node heard of the change: laid aside by an offer of what was read later.</param>
/// <param name="Version">The card's version that was missed: laid aside by an offer that is no older.</param>
/// <param name="Arose">When, by the clock's timestamps.</param>
internal readonly record struct Doubt(long AsOf, long Version, long Arose);

/// <summary>
/// Doubts by the names of their cards, a bounded number: the one that arose first makes room for a new one. Changed by one at a
/// time, while anybody asks.
/// </summary>
/// <param name="max">Most doubts.</param>
/// <param name="pushingOut">Told of a doubt that makes room, while it still stands: at no moment is nothing known of the card.</param>
internal sealed class NamedDoubts(int max, Action<Doubt>? pushingOut = null)
{
    private readonly ConcurrentDictionary<CardKey, LinkedListNode<(CardKey Key, Doubt Doubt)>> byKey = new();
    private readonly LinkedList<(CardKey Key, Doubt Doubt)> byAge = new();

    /// <summary>Whether there is one of a card.</summary>
    public bool Any(CardKey key) => byKey.ContainsKey(key);

    /// <summary>The one of a card; for who changes doubts.</summary>
    public Doubt? Of(CardKey key) => byKey.TryGetValue(key, out var known) ? known.Value.Doubt : null;

    /// <summary>A doubt arose; it takes the place of one about the same card.</summary>
    public void Put(CardKey key, Doubt doubt)
    {
        if (byKey.TryGetValue(key, out var known))
        {
            known.Value = (key, doubt);
            byAge.Remove(known);
            byAge.AddLast(known);
            return;
        }

        if (byAge.Count == max && byAge.First is { } oldest)
        {
            pushingOut?.Invoke(oldest.Value.Doubt);
            LayAside(oldest.Value.Key);
        }

        byKey[key] = byAge.AddLast((key, doubt));
    }

    /// <summary>A card is believed again.</summary>
    public void LayAside(CardKey key)
    {
        if (byKey.TryRemove(key, out var known))
        {
            byAge.Remove(known);
        }
    }
}
