using System.Text;

namespace GasTrace.Ledger.Sqlite;

/// <summary>The bytes of a text, without an object where the caller's buffer holds them.</summary>
internal static class Utf8Text
{
    /// <summary>As many as nearly every key and id has at most.</summary>
    public const int BufferBytes = 512;

    /// <summary>The bytes, in the buffer unless they are too many for it.</summary>
    public static ReadOnlySpan<byte> Of(string text, Span<byte> buffer) =>
        Encoding.UTF8.TryGetBytes(text, buffer, out var written) ? buffer[..written] : Encoding.UTF8.GetBytes(text);
}
