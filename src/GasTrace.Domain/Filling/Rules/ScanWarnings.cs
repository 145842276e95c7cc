using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>Something that a scan draws attention to without refusing.</summary>
/// <param name="Code">Its machine code.</param>
/// <param name="Chinese">Text for people.</param>
/// <param name="English">Text for people.</param>
/// <param name="Source">Document that it comes from.</param>
/// <param name="Check">The facts for which it warns, or null.</param>
public sealed record ScanWarning(WarningCode Code, string Chinese, string English, string Source, Func<ScanCase, Facts?> Check)
{
    internal Finding ToFinding(Facts facts)
    {
        var finding = new Finding { Warning = Code, Code = FindingCodes.NameOf(Code), TextZh = Chinese, TextEn = English, Source = Source };
        facts.CopyTo(finding);
        return finding;
    }
}

/// <summary>All warnings of a scan.</summary>
public static class ScanWarnings
{
    /// <summary>The warnings.</summary>
    public static IReadOnlyList<ScanWarning> All { get; } =
    [
        new(WarningCode.InspectionDueSoon, "检验即将到期", "Inspection is due soon", RuleSources.Tsg23, scan =>
            scan.Cylinder is null ? null : Soon(scan, scan.InspectionDue, LimitNames.InspectionWarning, "due")),
        new(WarningCode.ServiceLifeEndsSoon, "使用年限即将届满", "Design life ends soon", RuleSources.SafetyLaw48, scan =>
            scan.Cylinder is null ? null : Soon(scan, InspectionCalendar.LifeEnd(scan.Cylinder, scan.Limits), LimitNames.LifeWarning, "service_life_ends_on")),
        new(WarningCode.StationLicenceEndsSoon, "充装许可即将到期", "The station's licence ends soon", RuleSources.Tsg07Licence, scan =>
            Soon(scan, scan.Station?.LicenceEndsOn.ToDayOrNull(), LimitNames.LicenceWarning, "licence_ends_on")),
        new(WarningCode.OperatorCertEndsSoon, "作业人员证即将到期", "The operator's certificate ends soon", RuleSources.SafetyLaw49, scan =>
            Soon(scan, scan.OperatorHere?.CertificateEndsOn.ToDayOrNull(), LimitNames.LicenceWarning, "certificate_ends_on")),
        new(WarningCode.CalibrationEndsSoon, "秤检定即将到期", "The scale's calibration ends soon", RuleSources.Metrology, scan =>
            Soon(scan, scan.Gun?.CalibrationEndsOn.ToDayOrNull(), LimitNames.LicenceWarning, "calibration_ends_on")),
        new(WarningCode.ClockDrift, "终端时钟偏差", "The terminal's clock drifts", RuleSources.Gb38059, scan =>
            scan.ClockDifferenceSeconds > scan.Limits[LimitNames.ClockWarn] && scan.ClockDifferenceSeconds <= scan.Limits[LimitNames.ClockRefuse]
                ? Facts.Of(("difference_s", (long?)scan.ClockDifferenceSeconds))
                : null),
        new(WarningCode.NotReturned, "重瓶未回站", "Not recorded as returned", RuleSources.ProvincialPlan, scan =>
            scan.Limits[LimitNames.NotReturned] == 1 ? NotReturned.Fact(scan) : null),
    ];

    /// <summary>What a supervisor has overridden, as a warning.</summary>
    internal static readonly ScanWarning Overridden = new(
        WarningCode.Overridden, "主管已准许", "Overridden by a supervisor", RuleSources.OneScanOneFill, _ => null);

    /// <summary>Every warning that applies.</summary>
    public static List<Finding> Judge(ScanCase scan)
    {
        List<Finding> findings = [];
        foreach (var warning in All)
        {
            if (warning.Check(scan) is { } facts)
            {
                findings.Add(warning.ToFinding(facts));
            }
        }

        return findings;
    }

    private static Facts? Soon(ScanCase scan, DateOnly? end, string limit, string fact) => end >= scan.Now.Today && end <= scan.Now.Today.AddDays((int)scan.Limits[limit])
        ? Facts.Of((fact, end))
        : null;
}
