namespace GasTrace.Domain.Registry.Codes;

/// <summary>GS1 identification of returnable assets (GRAI, application identifier 8003).</summary>
public static class Gs1
{
    private const string EpcPrefix = "URN:EPC:ID:GRAI:";

    /// <summary>The check digit over digits (modulo 10, weights 3 and 1 from the right).</summary>
    public static char CheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 3 : 1);
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    /// <summary>
    /// The element string <c>8003…</c> that a scanner's text stands for, or the text itself where it is none: symbology
    /// identifiers and brackets are dropped, an EPC URI is rewritten with its check digit.
    /// </summary>
    public static string ToElementString(string text)
    {
        var bare = text.StartsWith("]C1", StringComparison.Ordinal) || text.StartsWith("]D2", StringComparison.Ordinal) || text.StartsWith("]Q3", StringComparison.Ordinal)
            ? text[3..]
            : text;
        bare = bare.StartsWith("(8003)", StringComparison.Ordinal) ? "8003" + bare[6..] : bare;
        if (!bare.StartsWith(EpcPrefix, StringComparison.Ordinal))
        {
            return bare;
        }

        var parts = bare[EpcPrefix.Length..].Split('.', 3);
        if (parts.Length != 3 || parts[0].Length + parts[1].Length != 12 || !(parts[0] + parts[1]).All(char.IsAsciiDigit))
        {
            return text;
        }

        var digits = parts[0] + parts[1];
        return $"80030{digits}{CheckDigit(digits)}{parts[2]}";
    }
}
