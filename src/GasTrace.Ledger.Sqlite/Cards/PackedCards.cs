using System.Diagnostics.CodeAnalysis;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Cards by key, packed into few large arrays: a hundred thousand of them are nothing that the collector has to look at. Read
/// by many at once, changed by one.
/// </summary>
internal sealed class PackedCards
{
    private const int Shards = 8;
    private readonly PackedShard[] shards = [.. Enumerable.Range(0, Shards).Select(_ => new PackedShard())];
    private int count;

    /// <summary>Names one of the cards, for as long as none is put.</summary>
    internal readonly record struct Place(int Shard, int Index);

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Takes a card in, in place of the older one.</summary>
    public void Put(StoredCard card)
    {
        if (ShardOf(card.Key).Put(card.Key, card.Version, card.State.Span))
        {
            Interlocked.Increment(ref count);
        }
    }

    /// <summary>A card, its state copied.</summary>
    public bool TryGet(CardKey key, [MaybeNullWhen(false)] out StoredCard card)
    {
        if (Count > 0 && ShardOf(key).TryGet(key, out var version, out var state))
        {
            card = new StoredCard(key, version, state);
            return true;
        }

        card = default;
        return false;
    }

    /// <summary>All of them, in the order of their keys' bytes.</summary>
    public Place[] InKeyOrder()
    {
        var heads = new KeyHead[Count];
        var places = new Place[heads.Length];
        var next = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            for (var index = 0; index < shards[shard].Count; index++)
            {
                places[next] = new Place(shard, index);
                heads[next] = new KeyHead(KeyAt(places[next]));
                next++;
            }
        }

        Array.Sort(heads, places);
        SortWithinHeads(heads, places);
        return places;
    }

    /// <summary>A card's key.</summary>
    public ReadOnlySpan<byte> KeyAt(Place place) => shards[place.Shard].KeyAt(place.Index);

    /// <summary>A card's version.</summary>
    public long VersionAt(Place place) => shards[place.Shard].VersionAt(place.Index);

    /// <summary>A card's state.</summary>
    public ReadOnlySpan<byte> StateAt(Place place) => shards[place.Shard].StateAt(place.Index);

    /// <summary>Forgets all; the arrays are kept, to be filled again.</summary>
    public void Clear()
    {
        foreach (var shard in shards)
        {
            shard.Clear();
        }

        Interlocked.Exchange(ref count, 0);
    }

    // Keys that begin with the same bytes: few, and next to each other by now.
    private void SortWithinHeads(KeyHead[] heads, Place[] places)
    {
        for (var first = 0; first < heads.Length;)
        {
            var end = first + 1;
            while (end < heads.Length && heads[end].CompareTo(heads[first]) == 0)
            {
                end++;
            }

            places.AsSpan(first, end - first).Sort((left, right) => KeyAt(left).SequenceCompareTo(KeyAt(right)));
            first = end;
        }
    }

    private PackedShard ShardOf(CardKey key) => shards[(uint)key.GetHashCode() % Shards];
}
