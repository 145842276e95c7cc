using System.Text.RegularExpressions;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Codes;

/// <summary>How a format guards against misreading.</summary>
public enum CheckAlgorithm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>ISO/IEC 7064 MOD 37,36 over the whole code.</summary>
    Mod3736,

    /// <summary>GS1 modulo 10 over the first 14 digits behind <c>8003</c>.</summary>
    Gs1Mod10,
}

/// <summary>
/// A format of codes that is accepted. No national or provincial layout with a check digit was found, so formats are
/// configured: a pattern, a check, and which alias it is.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Pattern">Matches the normalised text from end to end; must not backtrack.</param>
/// <param name="Check">How it guards against misreading.</param>
/// <param name="Kind">The alias that it is.</param>
public sealed partial record CodeFormat(string Name, Regex Pattern, CheckAlgorithm Check, AliasKind Kind)
{
    /// <summary>Codes issued by GasTrace: region, nine characters without I O Q U, check character.</summary>
    public static readonly CodeFormat GasTrace = new("gastrace", GasTracePattern(), CheckAlgorithm.Mod3736, AliasKind.Code);

    /// <summary>GS1 GRAI on an RFID tag or a label.</summary>
    public static readonly CodeFormat Grai = new("grai", GraiPattern(), CheckAlgorithm.Gs1Mod10, AliasKind.Rfid);

    /// <summary>What is accepted where nothing is configured.</summary>
    public static readonly IReadOnlyList<CodeFormat> Default = [GasTrace, Grai];

    /// <summary>True when the check character of a text that matches the pattern is right.</summary>
    public bool CheckHolds(string text) => Check switch
    {
        CheckAlgorithm.None => true,
        CheckAlgorithm.Mod3736 => Mod3736.IsValid(text),
        CheckAlgorithm.Gs1Mod10 => Gs1.CheckDigit(text.AsSpan(4, 13)) == text[17],
        _ => throw new InvalidOperationException($"No check is called {Check}."),
    };

    [GeneratedRegex(@"\A[0-9]{6}[0-9A-HJ-NPR-TV-Z]{9}[0-9A-Z]\z", RegexOptions.CultureInvariant)]
    private static partial Regex GasTracePattern();

    [GeneratedRegex(@"\A80030[0-9]{13}[0-9A-Z./\-]{1,16}\z", RegexOptions.CultureInvariant)]
    private static partial Regex GraiPattern();
}
