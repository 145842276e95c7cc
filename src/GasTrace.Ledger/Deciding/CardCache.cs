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
public sealed class CardCache
{
    private const int Gates = 64;
    private readonly ILedgerStore store;
    private readonly bool storeIsFar;
    private readonly ISharedCards? shared;
    private readonly ConcurrentLru<CardKey, Card> memory;
    private readonly Gathering<CardKey, Card[]>? finds;
    private readonly Gathering<StoredCard, bool>? offers;

    // What other nodes changed, and when we heard of it: a read that began before must not bring the old state back.
    private readonly ConcurrentLru<CardKey, long> changes = new(LedgerLimits.ForeignChangesMax);

    // What the shared cache may have missed, as of when: apart, or the fills of an hour would push out what an authority said.
    private readonly ConcurrentLru<CardKey, Doubt> distrusted = new(LedgerLimits.ForeignChangesMax);

    // What is known of a card in several tables changes at once. One gate for many keys, never one for all.
    private readonly Lock[] gates = [.. Enumerable.Range(0, Gates).Select(_ => new Lock())];
    private volatile bool believesShared;
    private long heard;
    private long forgotAll;

    /// <summary>Nothing is in it.</summary>
    /// <param name="store">What it stands in front of.</param>
    /// <param name="cardsMax">Most cards in memory.</param>
    /// <param name="storeIsFar">
    /// Whether the store is reached over a network: then cards are asked for by many requests together, and cards of single
    /// cylinders are kept in memory too. A store in the same process answers them faster than the collector carries them: few
    /// are asked for twice within seconds.
    /// </param>
    /// <param name="shared">The cache that nodes share; null when there is none.</param>
    /// <param name="believesShared">Whether the shared cache is asked from the start; else from <see cref="BelieveShared"/> on.</param>
    public CardCache(
        ILedgerStore store, int cardsMax = LedgerLimits.CachedCardsDefault, bool storeIsFar = true, ISharedCards? shared = null, bool believesShared = true)
    {
        this.store = store;
        this.storeIsFar = storeIsFar;
        this.shared = shared;
        this.believesShared = believesShared;
        memory = new(Math.Max(cardsMax, 16));

        // Not cancelled with who asks: others wait for the same answer.
        finds = storeIsFar ? new(async keys => await LookUpAsync(keys, CancellationToken.None), LedgerLimits.CardReadsAtOnce, LedgerLimits.CardsTogetherMax) : null;
        offers = shared is null ? null : new(async cards => await shared.OfferAsync(cards), LedgerLimits.CardOffersAtOnce, LedgerLimits.CardsTogetherMax);
    }

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
    public async ValueTask<IReadOnlyList<Card>> RefreshAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) => await ReadAsync(keys, cancellationToken);

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

        if (offers is not null && unit.Writes.Length > 0)
        {
            _ = OfferAsync(offers, [.. unit.Writes.Select(write => new StoredCard(write.Key, write.VersionSeen + 1, write.State))], since);
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
                distrusted.AddOrUpdate(key, new Doubt(Now));
            }
        }
    }

    /// <summary>Asks the shared cache from now on.</summary>
    public void BelieveShared() => believesShared = true;

    // What could not be brought to the shared cache may be there in an older state: it is not believed until it can.
    private async Task OfferAsync(Gathering<StoredCard, bool> together, IReadOnlyList<StoredCard> cards, long since)
    {
        var taken = together.Waiting < LedgerLimits.CardOffersWaitingMax && (await together.AskAsync(cards, CancellationToken.None)).Answer;
        foreach (var card in cards)
        {
            lock (GateOf(card.Key))
            {
                var known = distrusted.TryGet(card.Key, out var doubt);
                if (!taken && (!known || doubt.Version < card.Version))
                {
                    distrusted.AddOrUpdate(card.Key, new Doubt(known ? doubt.AsOf : since, card.Version));
                }
                else if (taken && known && doubt.AsOf <= since && doubt.Version <= card.Version)
                {
                    distrusted.TryRemove(card.Key, out _);
                }
            }
        }
    }

    private async ValueTask<IReadOnlyList<Card>> FindAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        if (finds is null)
        {
            return await LookUpAsync(keys, cancellationToken);
        }

        try
        {
            var (cards, first) = await finds.AskAsync(keys, cancellationToken);
            return new ArraySegment<Card>(cards, first, keys.Count);
        }
        catch (Exception error) when (error is not (StoreUnavailableException or OperationCanceledException))
        {
            // It may be another's card that cannot be read, or another's key that cannot be asked for.
            return await LookUpAsync(keys, cancellationToken);
        }
    }

    private async ValueTask<Card[]> LookUpAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        if (shared is null || !believesShared)
        {
            return await ReadAsync(keys, cancellationToken);
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
            Fill(cards, await ReadAsync(missing, cancellationToken));
        }

        return cards!;
    }

    private async ValueTask<Card[]> ReadAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        var since = Now;
        var stored = await store.GetCardsAsync(keys, cancellationToken);
        var cards = new Card[keys.Count];
        for (var i = 0; i < cards.Length; i++)
        {
            cards[i] = ToCard(stored[i]);
            Remember(cards[i], since);
        }

        if (offers is not null)
        {
            _ = OfferAsync(offers, stored, since);
        }

        return cards;
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
        if (!storeIsFar && card.Key.IsOfOneCylinder)
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
                distrusted.AddOrUpdate(key, new Doubt(now));
            }
        }
    }

    private bool IsOutdated(CardKey key, long since) =>
        Now > since && (Interlocked.Read(ref forgotAll) > since || (changes.TryGet(key, out var changed) && changed > since));

    private Lock GateOf(CardKey key) => gates[key.GetHashCode() & (Gates - 1)];

    // Laid aside by an offer that is no older: of what other nodes changed by one that began later, of what this node could not
    // bring there by one of that version.
    private readonly record struct Doubt(long AsOf, long Version = 0);
}
