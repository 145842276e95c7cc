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
    private readonly ILedgerStore store;
    private readonly bool storeIsFar;
    private readonly BelievedCards? shared;
    private readonly FastConcurrentLru<CardKey, Card> memory;
    private readonly Gathering<CardKey, Card[]>? finds;

    // What other nodes changed, and when we heard of it: a read that began before must not bring the old state back.
    private readonly FastConcurrentLru<CardKey, long> changes = new(LedgerLimits.ForeignChangesMax);

    // What is outdated is judged and kept, or not, at once.
    private readonly KeyGates gates = new();
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
    public CardCache(ILedgerStore store, int cardsMax = LedgerLimits.CachedCardsDefault, bool storeIsFar = true, BelievedCards? shared = null)
    {
        this.store = store;
        this.storeIsFar = storeIsFar;
        this.shared = shared;
        memory = new(Math.Max(cardsMax, 16));

        // Not cancelled with who asks: others wait for the same answer.
        finds = storeIsFar ? new(async keys => await LookUpAsync(keys, CancellationToken.None), LedgerLimits.CardReadsAtOnce, LedgerLimits.CardsTogetherMax) : null;
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

        if (shared is not null && unit.Writes.Length > 0)
        {
            shared.Offer([.. unit.Writes.Select(write => new StoredCard(write.Key, write.VersionSeen + 1, write.State))], since, unit.Entries);
        }
    }

    /// <summary>
    /// Forgets what other nodes' entries changed. What they put on the register is not believed of the shared cache either until
    /// it was read from the store: the other node may have failed to bring it there. Called by one at a time.
    /// </summary>
    public void Forget(IReadOnlyList<LedgerEntry> foreign)
    {
        List<CardKey> keys = [];
        foreach (var entry in foreign)
        {
            keys.Clear();
            var happened = entry.ParseEvent();
            if (!ChangedCards.TryAddTo(keys, happened))
            {
                Interlocked.Exchange(ref forgotAll, Now + 1);
                shared?.DoubtAll();
                Interlocked.Increment(ref heard);
                memory.Clear();
            }
            else
            {
                Forget(keys, isLasting: !ChangedCards.IsDaily(happened));
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
        if (shared is null)
        {
            return await ReadAsync(keys, cancellationToken);
        }

        var since = Now;
        var found = await shared.GetAsync(keys, cancellationToken);
        var cards = new Card?[keys.Count];
        List<CardKey>? missing = null;
        for (var i = 0; i < cards.Length; i++)
        {
            if (found[i] is { } known && TryRead(known, out var card))
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

        shared?.Offer(stored, since, []);
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

        lock (gates.Of(card.Key))
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

    // What was heard of counts as heard when all is in place: who begins to read then finds the doubt, who began before is outdated.
    private void Forget(List<CardKey> keys, bool isLasting)
    {
        var next = Now + 1;
        foreach (var key in keys)
        {
            changes.AddOrUpdate(key, next);
            if (isLasting)
            {
                shared?.Doubt(key, next);
            }
        }

        Interlocked.Increment(ref heard);
        foreach (var key in keys)
        {
            lock (gates.Of(key))
            {
                memory.TryRemove(key, out _);
            }
        }
    }

    private bool IsOutdated(CardKey key, long since) =>
        Now > since && (Interlocked.Read(ref forgotAll) > since || (changes.TryGet(key, out var changed) && changed > since));
}
