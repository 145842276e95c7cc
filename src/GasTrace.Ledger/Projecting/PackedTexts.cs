namespace GasTrace.Ledger.Projecting;

/// <summary>Where a text lies in <see cref="PackedTexts"/>.</summary>
internal readonly record struct PackedText(int Start, int Length);

/// <summary>
/// Texts end to end in one array that is used again. Rows wait for their transaction for a third of a second: as objects their
/// texts would outlive a young collection, and be most of what it has to carry. One caller at a time.
/// </summary>
internal sealed class PackedTexts : IEqualityComparer<PackedText>, IAlternateEqualityComparer<ReadOnlySpan<char>, PackedText>
{
    private char[] chars = [];
    private int used;

    /// <summary>Takes in a text.</summary>
    public PackedText Add(ReadOnlySpan<char> text)
    {
        if (chars.Length - used < text.Length)
        {
            Array.Resize(ref chars, Math.Max(used + text.Length, chars.Length * 2));
        }

        text.CopyTo(chars.AsSpan(used));
        used += text.Length;
        return new PackedText(used - text.Length, text.Length);
    }

    /// <summary>A text, as an object of its own.</summary>
    public string Read(PackedText text) => new(At(text));

    /// <summary>Forgets all; the array is kept.</summary>
    public void Clear() => used = 0;

    /// <inheritdoc />
    public bool Equals(PackedText x, PackedText y) => x == y || At(x).SequenceEqual(At(y));

    /// <inheritdoc />
    public int GetHashCode(PackedText obj) => GetHashCode(At(obj));

    /// <inheritdoc />
    public bool Equals(ReadOnlySpan<char> alternate, PackedText other) => alternate.SequenceEqual(At(other));

    /// <inheritdoc />
    public int GetHashCode(ReadOnlySpan<char> alternate) => string.GetHashCode(alternate);

    /// <inheritdoc />
    public PackedText Create(ReadOnlySpan<char> alternate) => Add(alternate);

    private ReadOnlySpan<char> At(PackedText text) => chars.AsSpan(text.Start, text.Length);
}
