using System.Text;

namespace GasTrace.Domain.Registry.Codes;

/// <summary>The one way in which codes and other aliases are written for look-up.</summary>
public static class AliasText
{
    /// <summary>Trimmed, full-width characters folded to ASCII, upper-cased.</summary>
    public static string Normalise(string text) => FoldWidth(text).Trim().ToUpperInvariant();

    /// <summary>Full-width forms (U+FF01 to U+FF5E) and the ideographic space folded to ASCII.</summary>
    public static string FoldWidth(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u3000', '\uFF5E'))
        {
            return text;
        }

        var folded = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            folded.Append(character switch
            {
                >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
                '\u3000' => ' ',
                _ => character,
            });
        }

        return folded.ToString();
    }
}
