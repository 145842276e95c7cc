using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>One reason for which a scan is refused.</summary>
/// <param name="code">Its stable number and machine code.</param>
/// <param name="chinese">Text for people.</param>
/// <param name="english">Text for people.</param>
/// <param name="source">Document that it comes from.</param>
public abstract class ScanRule(RefusalCode code, string chinese, string english, string source)
{
    /// <summary>Its stable number and machine code.</summary>
    public RefusalCode Code => code;

    /// <summary>Text for people, Chinese.</summary>
    public string Chinese => chinese;

    /// <summary>Text for people, English.</summary>
    public string English => english;

    /// <summary>Document that it comes from.</summary>
    public string Source => source;

    /// <summary>True where a named supervisor may override it.</summary>
    public virtual bool MayBeOverridden => false;

    /// <summary>The facts for which this rule refuses, or null when it does not (or cannot be asked).</summary>
    public abstract Facts? Check(ScanCase scan);

    /// <summary>The finding that says so.</summary>
    internal Finding ToFinding(Facts facts)
    {
        var finding = new Finding { Refusal = Code, Code = FindingCodes.NameOf(Code), TextZh = Chinese, TextEn = English, Source = Source };
        facts.CopyTo(finding);
        return finding;
    }
}

/// <summary>A rule on the cylinder itself: it can be asked without a station, so that anyone may verify a cylinder.</summary>
public abstract class CylinderRule(RefusalCode code, string chinese, string english, string source)
    : ScanRule(code, chinese, english, source)
{
    /// <inheritdoc />
    public sealed override Facts? Check(ScanCase scan) => scan.Cylinder is { } cylinder ? Check(cylinder, scan) : null;

    /// <summary>The facts for which this rule refuses, or null when it does not.</summary>
    protected abstract Facts? Check(Cylinder cylinder, ScanCase scan);
}

/// <summary>A rule on the station and its people and things: asked only where the terminal is known.</summary>
public abstract class StationRule(RefusalCode code, string chinese, string english, string source)
    : ScanRule(code, chinese, english, source)
{
    /// <inheritdoc />
    public sealed override Facts? Check(ScanCase scan) =>
        scan is { Terminal: { } terminal, Station: { } station } ? Check(terminal, station, scan) : null;

    /// <summary>The facts for which this rule refuses, or null when it does not.</summary>
    protected abstract Facts? Check(Terminal terminal, Station station, ScanCase scan);
}
