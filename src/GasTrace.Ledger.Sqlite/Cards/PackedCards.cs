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
    internal readonly record struct Item(int Shard, int Index);

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Bytes that they take.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var shard in shards)
            {
                bytes += shard.Bytes;
            }

            return bytes;
        }
    }

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

    /// <summary>All of them, in the order of the table, and where each lies there unless another has its place.</summary>
    public (long[] Places, Item[] Items) InTableOrder(CardPlaces table)
    {
        var places = new long[Count];
        var items = new Item[places.Length];
        var next = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            for (var index = 0; index < shards[shard].Count; index++)
            {
                items[next] = new Item(shard, index);
                places[next] = table.Of(KeyAt(items[next]));
                next++;
            }
        }

        Array.Sort(places, items);
        return (places, items);
    }

    /// <summary>A card's key.</summary>
    public ReadOnlySpan<byte> KeyAt(Item item) => shards[item.Shard].KeyAt(item.Index);

    /// <summary>A card's version.</summary>
    public long VersionAt(Item item) => shards[item.Shard].VersionAt(item.Index);

    /// <summary>A card's state.</summary>
    public ReadOnlySpan<byte> StateAt(Item item) => shards[item.Shard].StateAt(item.Index);

    /// <summary>Forgets all; the arrays are kept, to be filled again.</summary>
    public void Clear()
    {
        foreach (var shard in shards)
        {
            shard.Clear();
        }

        Interlocked.Exchange(ref count, 0);
    }

    private PackedShard ShardOf(CardKey key) => shards[(uint)key.GetHashCode() % Shards];
}
