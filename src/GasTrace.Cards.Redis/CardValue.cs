using System.Globalization;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using StackExchange.Redis;

namespace GasTrace.Cards.Redis;

/// <summary>
/// A card as a value: its version in 16 hexadecimal digits, then its state. Digits of fixed width compare as text, which is
/// what a script can do exactly: its numbers are doubles.
/// </summary>
internal static class CardValue
{
    /// <summary>Bytes of the version.</summary>
    public const int VersionBytes = 16;

    /// <summary>The value of a card.</summary>
    public static RedisValue Of(StoredCard card)
    {
        var value = new byte[VersionBytes + card.State.Length];
        card.Version.TryFormat(value, out _, "x16", CultureInfo.InvariantCulture);
        card.State.Span.CopyTo(value.AsSpan(VersionBytes));
        return value;
    }

    /// <summary>Reads a value; null when it is none of ours.</summary>
    public static StoredCard? Read(CardKey key, RedisValue value)
    {
        ReadOnlyMemory<byte> bytes = value;
        return bytes.Length >= VersionBytes
            && long.TryParse(bytes.Span[..VersionBytes], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version)
            && version >= 0
            && (version == 0) == (bytes.Length == VersionBytes)
                ? new StoredCard(key, version, bytes[VersionBytes..])
                : null;
    }
}
