using System.Security.Cryptography;

namespace GasTrace.Ledger.Storage;

/// <summary>RFC 6962: the hash of a leaf is SHA-256 over a zero byte and the leaf's data.</summary>
public static class LeafHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Bytes = 32;

    /// <summary>The hash of an entry's bytes as stored.</summary>
    public static byte[] Of(ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }
}
