using System.Diagnostics.CodeAnalysis;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Cards that are committed with the ledger and not yet in the card table: those that change now, and before them those that
/// are being flushed, which do not change any more.
/// </summary>
internal sealed class UnflushedCards
{
    private readonly Lock turn = new();
    private volatile Pair tables = new(new PackedCards(), new PackedCards());
    private long lastBatch;
    private long flushedThrough;

    /// <summary>Bytes that they take; one that changed while it was being flushed counts twice.</summary>
    public long Bytes
    {
        get
        {
            var (changing, flushing) = tables;
            return changing.Bytes + flushing.Bytes;
        }
    }

    /// <summary>Bytes of those that nobody flushes yet.</summary>
    public long WaitingBytes => tables.Changing.Bytes;

    /// <summary>The last batch whose changes are here, or were.</summary>
    public long LastBatch => Interlocked.Read(ref lastBatch);

    /// <summary>A card as it is, unless the table has it.</summary>
    public bool TryGet(CardKey key, [MaybeNullWhen(false)] out StoredCard card)
    {
        var (changing, flushing) = tables;
        return changing.TryGet(key, out card) || flushing.TryGet(key, out card);
    }

    /// <summary>Takes in what a batch changed. One caller at a time.</summary>
    public void Accept(long batch, IEnumerable<StoredCard> changed)
    {
        lock (turn)
        {
            foreach (var card in changed)
            {
                tables.Changing.Put(card);
            }

            Interlocked.Exchange(ref lastBatch, batch);
        }
    }

    /// <summary>
    /// Hands out what is to be flushed, and the last batch of which it holds the changes. Until <see cref="EndFlush"/> it is the
    /// same, and readers find it here.
    /// </summary>
    public (PackedCards Cards, long Through) BeginFlush()
    {
        lock (turn)
        {
            var (changing, flushing) = tables;
            if (flushing.Count == 0)
            {
                flushedThrough = LastBatch;
                tables = new Pair(flushing, changing);
                return (changing, flushedThrough);
            }

            return (flushing, flushedThrough);
        }
    }

    /// <summary>What was handed out is in the table, for every reader from now on.</summary>
    public void EndFlush() => tables.Flushing.Clear();

    // Both at once: a reader must not miss a card that goes from the one to the other.
    private sealed record Pair(PackedCards Changing, PackedCards Flushing);
}
