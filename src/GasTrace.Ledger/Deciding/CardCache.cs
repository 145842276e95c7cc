using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lru;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using GasTrace.V1;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Deciding;

/// <summary>
/// Cards in front of the store: in process memory, bounded, then in the cache that the nodes share, where there is one. It may
/// be stale: whatever a decision rests on is checked again, by version, in the append. A stale card costs a retry, never a
/// wrong answer.
/// </summary>
/// <param name="store">What it stands in front of.</param>
/// <param name="cardsMax">Most cards in memory.</param>
/// <param name="keepsCylinders">
/// Whether cards of single cylinders are kept in memory too. A store in the same process answers them faster than the collector
/// carries them: few are asked for twice within seconds.
/// </param>
/// <param name="shared">The cache that nodes share; null when there is none.</param>
/// <param name="believesShared">Whether the shared cache is asked from the start; else from <see cref="BelieveShared"/> on.</param>
public sealed class CardCache(
    ILedgerStore store, int cardsMax = LedgerLimits.CachedCardsDefault, bool keepsCylinders = true, ISharedCards? shared = null, bool believesShared = true)
{
    private const int Gates = 64;
    private readonly ConcurrentLru<CardKey, Card> memory = new(Math.Max(cardsMax, 16));

    // What other nodes changed, and when we heard of it: a read that began before must not bring the old state back.
    private readonly ConcurrentLru<CardKey, long> changes = new(LedgerLimits.ForeignChangesMax);

    // What the shared cache may have missed, as of when: apart, or the fills of an hour would push out what an authority said.
    private readonly ConcurrentLru<CardKey, long> distrusted = new(LedgerLimits.ForeignChangesMax);

    // What is known of a card in several tables changes at once. One gate for many keys, never one for all.
    private readonly Lock[] gates = [.. Enumerable.Range(0, Gates).Select(_ => new Lock())];
    private volatile bool believesShared = believesShared;
    private long heard;
    private long forgotAll;

    /// <summary>Cards that are in memory now.</summary>
    public int Count => memory.Count;

    /// <summary>A card that is in memory, or null.</summary>
    public Card? Known(CardKey key) => memory.TryGet(key, out var card) ? card : null;

    /// <summary>Cards by key, in the order asked for. Absent ones are cards too, of version 0, and are remembered.</summary>
    public async ValueTask<IReadOnlyList<Card>> GetAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        Card?[]? cards = null;
        for (var i = 0; i < keys.Count; i++)
        {
            if (memory.TryGet(keys[i], out var card))
            {
                (cards ??= new Card?[keys.Count])[i] = card;
            }
        }

        // Who looked for what is known first asks only for what is not.
        if (cards is null)
        {
            return keys.Count == 0 ? [] : await FindAsync(keys, cancellationToken);
        }

        List<CardKey> missing = [.. keys.Where((_, i) => cards[i] is null)];
        if (missing.Count > 0)
        {
            Fill(cards, await FindAsync(missing, cancellationToken));
        }

        return cards!;
    }

    /// <summary>Cards by key from the store, in the order asked for; whatever was kept of them is replaced.</summary>
    public async ValueTask<IReadOnlyList<Card>> RefreshAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        var since = Now;
        var stored = await store.GetCardsAsync(keys, cancellationToken);
        var cards = new Card[keys.Count];
        for (var i = 0; i < cards.Length; i++)
        {
            cards[i] = ToCard(stored[i]);
            Remember(cards[i], since);
        }

        if (shared is not null)
        {
            _ = OfferAsync(shared, stored, since);
        }

        return cards;
    }

    /// <summary>What this node has heard by now of other nodes' changes: to be noted before an append, for <see cref="Put"/>.</summary>
    public long Now => Interlocked.Read(ref heard);

    /// <summary>Takes in what this node has just written.</summary>
    /// <param name="unit">As it was appended.</param>
    /// <param name="states">The states, in the order of the unit's writes.</param>
    /// <param name="since"><see cref="Now"/>, before the append.</param>
    public void Put(AppendUnit unit, IReadOnlyList<CardChange> states, long since)
    {
        for (var i = 0; i < unit.Writes.Length; i++)
        {
            var write = unit.Writes[i];
            Remember(new Card(write.Key, write.VersionSeen + 1, states[i].State), since);
        }

        if (shared is not null && unit.Writes.Length > 0)
        {
            _ = OfferAsync(shared, [.. unit.Writes.Select(write => new StoredCard(write.Key, write.VersionSeen + 1, write.State))], since);
        }
    }

    /// <summary>
    /// Forgets what other nodes' entries changed. What they put on the register is not believed of the shared cache either until
    /// it was read from the store: the other node may have failed to bring it there.
    /// </summary>
    public void Forget(IReadOnlyList<LedgerEntry> foreign)
    {
        List<CardKey> keys = [];
        foreach (var entry in foreign)
        {
            keys.Clear();
            var happened = entry.ParseEvent();
            var known = ChangedCards.TryAddTo(keys, happened);
            var now = Interlocked.Increment(ref heard);
            if (!known)
            {
                Interlocked.Exchange(ref forgotAll, now);
                memory.Clear();
            }

            foreach (var key in keys)
            {
                Forget(key, now, lasting: !ChangedCards.IsDaily(happened));
            }
        }
    }

    /// <summary>Does not believe the shared cache of what older entries put on the register.</summary>
    public void Distrust(IReadOnlyList<LedgerEntry> entries)
    {
        List<CardKey> keys = [];
        foreach (var entry in entries)
        {
            if (!ChangedCards.MayBeLasting((Event.BodyOneofCase)entry.Header.Kind) || entry.ParseEvent() is not { } happened || ChangedCards.IsDaily(happened))
            {
                continue;
            }

            keys.Clear();
            ChangedCards.TryAddTo(keys, happened);
            foreach (var key in keys)
            {
                distrusted.AddOrUpdate(key, Now);
            }
        }
    }

    /// <summary>Asks the shared cache from now on.</summary>
    public void BelieveShared() => believesShared = true;

    // What could not be brought to the shared cache may be there in an older state: it is not believed until it can.
    private async Task OfferAsync(ISharedCards shares, IReadOnlyList<StoredCard> cards, long since)
    {
        var taken = await shares.OfferAsync(cards);
        foreach (var card in cards)
        {
            lock (GateOf(card.Key))
            {
                var known = distrusted.TryGet(card.Key, out var asOf);
                if (!taken && !known)
                {
                    distrusted.AddOrUpdate(card.Key, since);
                }
                else if (taken && known && asOf <= since)
                {
                    distrusted.TryRemove(card.Key, out _);
                }
            }
        }
    }

    private async ValueTask<IReadOnlyList<Card>> FindAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        if (shared is null || !believesShared)
        {
            return await RefreshAsync(keys, cancellationToken);
        }

        var since = Now;
        var found = await shared.GetAsync(keys, cancellationToken);
        var cards = new Card?[keys.Count];
        List<CardKey>? missing = null;
        for (var i = 0; i < cards.Length; i++)
        {
            if (found[i] is { } known && !distrusted.TryGet(keys[i], out _) && TryRead(known, out var card))
            {
                Remember(cards[i] = card, since);
            }
            else
            {
                (missing ??= []).Add(keys[i]);
            }
        }

        if (missing is not null)
        {
            Fill(cards, await RefreshAsync(missing, cancellationToken));
        }

        return cards!;
    }

    private static void Fill(Card?[] cards, IReadOnlyList<Card> found)
    {
        var next = 0;
        for (var i = 0; i < cards.Length; i++)
        {
            cards[i] ??= found[next++];
        }
    }

    private static Card ToCard(StoredCard stored) =>
        new(stored.Key, stored.Version, stored.Version == 0 ? null : CardStates.Parse(stored.Key, stored.State.Span), stored.Stamp);

    // Whatever stands in a shared cache may be damaged: then the store is asked.
    private static bool TryRead(StoredCard shared, [NotNullWhen(true)] out Card? card)
    {
        try
        {
            card = ToCard(shared);
            return true;
        }
        catch (InvalidDataException)
        {
            card = null;
            return false;
        }
    }

    private void Remember(Card card, long since)
    {
        if (!keepsCylinders && card.Key.IsOfOneCylinder)
        {
            return;
        }

        lock (GateOf(card.Key))
        {
            if (memory.TryGet(card.Key, out var known) && known.Version >= card.Version)
            {
                return;
            }

            // Either way what is older goes: that it is so, this card proves.
            if (IsOutdated(card.Key, since))
            {
                memory.TryRemove(card.Key, out _);
            }
            else
            {
                memory.AddOrUpdate(card.Key, card);
            }
        }
    }

    private void Forget(CardKey key, long now, bool lasting)
    {
        lock (GateOf(key))
        {
            changes.AddOrUpdate(key, now);
            memory.TryRemove(key, out _);
            if (lasting)
            {
                distrusted.AddOrUpdate(key, now);
            }
        }
    }

    private bool IsOutdated(CardKey key, long since) =>
        Now > since && (Interlocked.Read(ref forgotAll) > since || (changes.TryGet(key, out var changed) && changed > since));

    private Lock GateOf(CardKey key) => gates[key.GetHashCode() & (Gates - 1)];
}
