using System.Buffers;
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
        // In one call, over a copy: a hash that is fed in parts costs more than to copy an entry.
        var leaf = ArrayPool<byte>.Shared.Rent(payload.Length + 1);
        try
        {
            leaf[0] = 0;
            payload.CopyTo(leaf.AsSpan(1));
            return SHA256.HashData(leaf.AsSpan(0, payload.Length + 1));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(leaf);
        }
    }
}
