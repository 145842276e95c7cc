using System.Security.Cryptography;
using System.Text;
using BitFaster.Caching.Lru;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Server.Filling;

/// <summary>
/// Signs permits so that a small controller can check them offline: HMAC-SHA-256 under a key of its terminal, derived by HKDF
/// from the master key. It costs the service no look-up and no state.
/// </summary>
public sealed class PermitSigner(byte[] masterKey)
{
    /// <summary>Bytes of a terminal's key.</summary>
    public const int KeyBytes = 32;

    private const int CachedKeysMax = 10_000;
    private readonly FastConcurrentLru<string, TerminalHmac> hmacs = new(CachedKeysMax);

    /// <summary>A terminal's key.</summary>
    public byte[] KeyOf(string terminalId) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, KeyBytes, salt: null, info: Encoding.UTF8.GetBytes("gastrace/permit/v1/" + terminalId));

    /// <summary>Fills in a permit's signed terms and their code.</summary>
    public void Sign(Permit permit)
    {
        var terms = permit.Terms.ToByteArray();
        permit.SignedTerms = UnsafeByteOperations.UnsafeWrap(terms);
        permit.HmacSha256 = UnsafeByteOperations.UnsafeWrap(hmacs.GetOrAdd(permit.Terms.TerminalId, id => new TerminalHmac(KeyOf(id))).Of(terms));
    }

    /// <summary>Codes under one key, one at a time: to set a key up costs more than to use it.</summary>
    private sealed class TerminalHmac(byte[] key)
    {
        private readonly Lock turn = new();

        // Not disposed of: one that was pushed out may be at work, and the runtime frees what nobody holds any more.
        private readonly IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

        public byte[] Of(ReadOnlySpan<byte> terms)
        {
            lock (turn)
            {
                hmac.AppendData(terms);
                return hmac.GetHashAndReset();
            }
        }
    }
}
