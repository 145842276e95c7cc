using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>Cards that are committed with the ledger and not yet in the card table.</summary>
internal sealed class UnflushedCards
{
    private readonly ConcurrentDictionary<CardKey, StoredCard> cards = new();
    private readonly Slab states = new();
    private int count;
    private long lastBatch;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>The last batch whose changes are here, or were.</summary>
    public long LastBatch => Interlocked.Read(ref lastBatch);

    public bool TryGet(CardKey key, [MaybeNullWhen(false)] out StoredCard card) => cards.TryGetValue(key, out card);

    /// <summary>Takes in what a batch changed. One caller at a time.</summary>
    public void Accept(long batch, IEnumerable<StoredCard> changed)
    {
        foreach (var card in changed)
        {
            Put(card with { State = states.Keep(card.State.Span) });
        }

        Interlocked.Exchange(ref lastBatch, batch);
    }

    /// <summary>All of them, in the order of the table.</summary>
    public StoredCard[] InKeyOrder()
    {
        var ordered = cards.Values.ToArray();
        Array.Sort(ordered, static (left, right) => string.CompareOrdinal(left.Key.Value, right.Key.Value));
        return ordered;
    }

    /// <summary>Forgets those that the table has, unless they have changed since.</summary>
    public void Forget(ReadOnlySpan<StoredCard> flushed)
    {
        foreach (var card in flushed)
        {
            if (cards.TryRemove(KeyValuePair.Create(card.Key, card)))
            {
                Interlocked.Decrement(ref count);
            }
        }
    }

    private void Put(StoredCard card)
    {
        // The flusher may take the older one away between the two looks.
        while (!cards.TryGetValue(card.Key, out var older) || !cards.TryUpdate(card.Key, card, older))
        {
            if (cards.TryAdd(card.Key, card))
            {
                Interlocked.Increment(ref count);
                return;
            }
        }
    }
}
