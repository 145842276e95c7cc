using System.IO.Hashing;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Where cards lie in their table: at a number made of their key, so that the pages which lead to them hold nothing else and
/// stay few. Keyed by text, whole cards lay in these pages, a dozen in each, and a look-up among ten million passed seven.
/// The numbers are stored: they must not change.
/// </summary>
/// <param name="hashBits">Bits of the hash, up to 60. Two keys may share one, so the row is asked whose it is, and if it is another's, the next.</param>
internal readonly struct CardPlaces(int hashBits)
{
    /// <summary>As many as a store has: of a hundred million keys, one pair in two hundred such stores shares a hash.</summary>
    public const int HashBitsDefault = 60;

    /// <summary>No card lies here or before.</summary>
    public const long BeforeAll = -1;

    // Cylinders change all the time and their codes hardly ever: apart, fewer pages change.
    private const long CylinderKind = 0;
    private const long AliasKind = 1;
    private const long OtherKind = 2;

    /// <summary>The place of a key, unless another key has it.</summary>
    public long Of(ReadOnlySpan<byte> key) => (KindOf(key) << hashBits) | (long)(XxHash3.HashToUInt64(key) >> (64 - hashBits));

    private static long KindOf(ReadOnlySpan<byte> key)
    {
        if (key.StartsWith("cylinder:"u8))
        {
            return CylinderKind;
        }

        return key.StartsWith("code:"u8) || key.StartsWith("alias"u8) ? AliasKind : OtherKind;
    }
}
