namespace GasTrace.Ledger.Storage;

/// <summary>
/// Copies what is kept for seconds, and came as an array each, one behind the other into few arrays: the collector carries an
/// array of a hundred entries as cheaply as one of a single entry. An array lives as long as anything in it. One caller at a time.
/// </summary>
public sealed class Slab
{
    // Below the size from which arrays are collected with the oldest generation only.
    private const int ArrayBytes = 65_536;
    private Memory<byte> free;

    /// <summary>A copy.</summary>
    public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > free.Length)
        {
            free = GC.AllocateUninitializedArray<byte>(Math.Max(ArrayBytes, bytes.Length));
        }

        var kept = free[..bytes.Length];
        bytes.CopyTo(kept.Span);
        free = free[bytes.Length..];
        return kept;
    }
}
