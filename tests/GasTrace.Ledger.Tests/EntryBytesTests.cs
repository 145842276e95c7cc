using System.Security.Cryptography;
using System.Text;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Tests;

/// <summary>What becomes of an entry's bytes: hashed as a leaf.</summary>
public sealed class EntryBytesTests
{
    // RFC 6962, 2.1: the leaf of no bytes, and that of "123" as any other tool makes it.
    [Theory]
    [InlineData("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData("123", null)]
    public void A_leafs_hash_is_over_a_zero_byte_and_the_bytes(string payload, string? known)
    {
        var bytes = Encoding.ASCII.GetBytes(payload);
        var expected = known is null ? SHA256.HashData([0, .. bytes]) : Convert.FromHexString(known);
        Assert.Equal(expected, LeafHash.Of(bytes));
    }
}
