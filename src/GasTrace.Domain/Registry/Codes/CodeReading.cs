using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Codes;

/// <summary>How far a scanned text could be read.</summary>
public enum ReadingOutcome
{
    /// <summary>Readable.</summary>
    Readable,

    /// <summary>In no configured format.</summary>
    Malformed,

    /// <summary>Right shape, wrong check character.</summary>
    CheckFailed,
}

/// <summary>What a scanned text says.</summary>
/// <param name="Outcome">How far it could be read.</param>
/// <param name="Kind">The alias that it is; meaningful when readable.</param>
/// <param name="Value">The normalised text.</param>
public readonly record struct CodeReading(ReadingOutcome Outcome, AliasKind Kind, string Value)
{
    /// <summary>Why it cannot be read; of one that can, nothing.</summary>
    public Bilingual Fault => Outcome switch
    {
        ReadingOutcome.CheckFailed => new("校验位错误", "has a wrong check character"),
        ReadingOutcome.Malformed => new("不符合任何已配置的瓶码格式", "is in none of the configured formats of codes"),
        _ => new(string.Empty, string.Empty),
    };

    /// <summary>Reads what a scanner delivered: a bare code, a URL of a QR label, a GS1 element string or an EPC URI.</summary>
    public static CodeReading Read(string scanned, IReadOnlyList<CodeFormat> formats)
    {
        var value = Gs1.ToElementString(AliasText.Normalise(CodeInUrl(AliasText.FoldWidth(scanned).Trim())));
        foreach (var format in formats)
        {
            if (format.Pattern.IsMatch(value))
            {
                return new CodeReading(format.CheckHolds(value) ? ReadingOutcome.Readable : ReadingOutcome.CheckFailed, format.Kind, value);
            }
        }

        return new CodeReading(ReadingOutcome.Malformed, AliasKind.Unspecified, value);
    }

    // The code is the parameter c or code, else the last segment of the path.
    private static string CodeInUrl(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            return text;
        }

        foreach (var parameter in url.Query.TrimStart('?').Split('&'))
        {
            var parts = parameter.Split('=', 2);
            if (parts.Length == 2 && parts[0].ToUpperInvariant() is "C" or "CODE")
            {
                return Uri.UnescapeDataString(parts[1]);
            }
        }

        var path = url.AbsolutePath.TrimEnd('/');
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }
}
