using System.Buffers.Binary;
using System.IO.Hashing;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>
/// Leads from a cylinder to one of its entries: a hash of the cylinder's id, and how far behind its run's first position the
/// entry is, in one number that orders by hash. Now and then two cylinders share a hash, so the entry is asked whose it is.
/// </summary>
/// <param name="Value">The hash above, the distance below.</param>
internal readonly record struct HistoryItem(ulong Value) : IComparable<HistoryItem>
{
    /// <summary>Bytes of one in a block.</summary>
    public const int Bytes = sizeof(ulong);

    private const int HashBits = 32;

    public HistoryItem(uint hash, long distance)
        : this(((ulong)hash << HashBits) | checked((uint)distance))
    {
    }

    /// <summary>The hash.</summary>
    public uint Hash => (uint)(Value >> HashBits);

    /// <summary>Entries between the run's first and this one.</summary>
    public uint Distance => (uint)Value;

    /// <summary>The hash of a cylinder's id; never 0. It is stored: it must not change.</summary>
    public static uint HashOf(string cylinderId)
    {
        Span<byte> buffer = stackalloc byte[Utf8Text.BufferBytes];
        return Math.Max(1, (uint)XxHash3.HashToUInt64(Utf8Text.Of(cylinderId, buffer)));
    }

    /// <summary>The number of the block that a hash belongs into, by so many of its leading bits.</summary>
    public static int BlockOf(uint hash, int bits) => (int)(hash >> (HashBits - bits));

    /// <summary>The bytes of a block.</summary>
    public static void Pack(ReadOnlySpan<HistoryItem> items, Span<byte> block)
    {
        for (var i = 0; i < items.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(block[(i * Bytes)..], items[i].Value);
        }
    }

    /// <summary>One of a block.</summary>
    public static HistoryItem At(ReadOnlySpan<byte> block, int index) => new(BinaryPrimitives.ReadUInt64LittleEndian(block[(index * Bytes)..]));

    /// <inheritdoc />
    public int CompareTo(HistoryItem other) => Value.CompareTo(other.Value);
}
