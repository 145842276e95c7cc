using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Cards of the table in memory, as many as fit: to find one there takes no call to the system and no page. They are bytes in
/// large arrays, which the collector does not look at. None is ever older than the table: who flushes puts what the table has
/// now, and who has read offers what may have changed since.
/// </summary>
internal sealed class ResidentCards
{
    private const int ShardsDefault = 64;
    private readonly EvictionCount evictions = new();
    private readonly ResidentShard[] shards;

    /// <summary>None as yet.</summary>
    /// <param name="bytesMax">What they may take, besides the tables that lead to them (a tenth as much). Less than a chunk a shard is nothing.</param>
    /// <param name="shardCount">How many can be used at once; a power of two.</param>
    public ResidentCards(long bytesMax, int shardCount = ShardsDefault)
    {
        var chunksMax = (int)(bytesMax / shardCount / ResidentShard.ChunkBytes);
        shards = chunksMax == 0 ? [] : [.. Enumerable.Range(0, shardCount).Select(_ => new ResidentShard(chunksMax, evictions))];
    }

    /// <summary>How many chunks were emptied to make room: to be noted before a read, for an offer.</summary>
    public long Evictions => evictions.Value;

    /// <summary>Whether more cards fit without others going.</summary>
    public bool HasRoom => shards.Length > 0 && Evictions == 0;

    /// <summary>A card that is here. It is right unless it is unflushed: that is to be looked at first.</summary>
    public bool TryGet(CardKey key, [MaybeNullWhen(false)] out StoredCard card)
    {
        if (shards.Length > 0)
        {
            Span<byte> buffer = stackalloc byte[Utf8Text.BufferBytes];
            var bytes = Utf8Text.Of(key.Value, buffer);
            if (ShardOf(bytes, out var tag).TryGet(tag, bytes, out var version, out var state))
            {
                card = new StoredCard(key, version, state);
                return true;
            }
        }

        card = default;
        return false;
    }

    /// <summary>Takes in what the table has now, for every read that begins from now on.</summary>
    public void Put(ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state)
    {
        if (shards.Length > 0)
        {
            ShardOf(key, out var tag).Put(tag, key, version, state);
        }
    }

    /// <inheritdoc cref="Offer(ReadOnlySpan{byte}, long, ReadOnlySpan{byte}, long)" />
    public void Offer(StoredCard card, long evictionsBefore)
    {
        Span<byte> buffer = stackalloc byte[Utf8Text.BufferBytes];
        Offer(Utf8Text.Of(card.Key.Value, buffer), card.Version, card.State.Span, evictionsBefore);
    }

    /// <summary>Takes in what was read from the table.</summary>
    /// <param name="key">The card's key.</param>
    /// <param name="version">Its version.</param>
    /// <param name="state">Its state.</param>
    /// <param name="evictionsBefore"><see cref="Evictions"/>, before the read began. If one more was emptied since, a newer state may have been in it.</param>
    public void Offer(ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state, long evictionsBefore)
    {
        if (shards.Length > 0)
        {
            ShardOf(key, out var tag).Offer(tag, key, version, state, evictionsBefore);
        }
    }

    // Upper bits choose the shard, lower ones the place in its table.
    private ResidentShard ShardOf(ReadOnlySpan<byte> key, out uint tag)
    {
        var hash = XxHash3.HashToUInt64(key);
        tag = (uint)hash;
        return shards[(int)(hash >> 32) & (shards.Length - 1)];
    }
}
