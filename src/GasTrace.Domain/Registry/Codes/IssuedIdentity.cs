using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GasTrace.Domain.Registry.Codes;

/// <summary>
/// Ids and codes that the service gives out. They follow from the request's id, so that a repeated request gives the same
/// one, and a decision stays a pure function.
/// </summary>
public static class IssuedIdentity
{
    // 0-9A-Z without I O Q U: 32 characters, none mistaken for another.
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPRSTVWXYZ";

    /// <summary>An opaque id of a cylinder: <c>C</c> and 13 characters, 65 bits.</summary>
    public static string CylinderId(string requestId) => "C" + Characters("cylinder", requestId, 13);

    /// <summary>A code: region, nine characters, check character.</summary>
    public static string Code(string region, string requestId)
    {
        var body = region + Characters("code", requestId, 9);
        return body + Mod3736.CheckCharacter(body);
    }

    /// <summary>The request id of a row of an import: the same row of the same import is the same request.</summary>
    public static string ImportRowRequestId(string importId, long rowNumber)
    {
        var hash = Hash("import", $"{importId}/{rowNumber}");
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString("D");
    }

    private static string Characters(string purpose, string requestId, int count)
    {
        var bits = BinaryPrimitives.ReadUInt128BigEndian(Hash(purpose, requestId));
        return string.Create(count, bits, static (text, bits) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[(int)(bits & 31)];
                bits >>= 5;
            }
        });
    }

    private static byte[] Hash(string purpose, string text) => SHA256.HashData(Encoding.UTF8.GetBytes($"gastrace/{purpose}/{text}"));
}
