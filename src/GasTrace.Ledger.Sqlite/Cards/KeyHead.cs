using System.Buffers.Binary;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// The first bytes of a key, as two numbers that order as the bytes do: to sort keys by them looks at each key once, where to
/// sort by the keys themselves goes to their bytes for each comparison.
/// </summary>
internal readonly struct KeyHead : IComparable<KeyHead>
{
    private const int Bytes = 16;
    private readonly ulong first;
    private readonly ulong second;

    /// <summary>The head of a key; a shorter key is filled up with zeros.</summary>
    public KeyHead(ReadOnlySpan<byte> key)
    {
        Span<byte> head = stackalloc byte[Bytes];
        head.Clear();
        key[..Math.Min(Bytes, key.Length)].CopyTo(head);
        first = BinaryPrimitives.ReadUInt64BigEndian(head);
        second = BinaryPrimitives.ReadUInt64BigEndian(head[sizeof(ulong)..]);
    }

    /// <inheritdoc />
    public int CompareTo(KeyHead other) => first.CompareTo(other.first) is var order && order != 0 ? order : second.CompareTo(other.second);
}
