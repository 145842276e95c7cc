using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>A rule that a fact can break. The fact is recorded in any case.</summary>
/// <param name="Code">Its machine code.</param>
/// <param name="Chinese">Text for people.</param>
/// <param name="English">Text for people.</param>
/// <param name="Source">Document that it comes from.</param>
/// <param name="Check">The facts that break it, or null.</param>
public sealed record FillRule(ViolationCode Code, string Chinese, string English, string Source, Func<FillCase, Facts?> Check)
{
    internal Finding ToFinding(Facts facts)
    {
        var finding = new Finding { Violation = Code, Code = FindingCodes.NameOf(Code), TextZh = Chinese, TextEn = English, Source = Source };
        facts.CopyTo(finding);
        return finding;
    }
}

/// <summary>All rules on a reported fill.</summary>
public static class FillRules
{
    /// <summary>The rules, in the order of their numbers.</summary>
    public static IReadOnlyList<FillRule> All { get; } =
    [
        new(ViolationCode.NoPermit, "无充装许可充装", "Filled without a permit", RuleSources.OneScanOneFill, fill =>
            fill.Standing == PermitStanding.None ? Facts.Of(("permit", fill.Report.PermitId)) : null),
        new(ViolationCode.PermitExpired, "许可已过期", "The permit had expired", RuleSources.OneScanOneFill, fill =>
            fill.Standing == PermitStanding.Expired ? Facts.Of(("permit", fill.Report.PermitId)) : null),
        new(ViolationCode.PermitConsumed, "许可重复使用", "The permit was used up", RuleSources.OneScanOneFill, fill =>
            fill.Standing == PermitStanding.Consumed ? Facts.Of(("permit", fill.Report.PermitId)) : null),
        new(ViolationCode.WrongStation, "充装站不符", "Not the permit's station", RuleSources.OneScanOneFill, fill =>
            fill.Terms is { } terms && terms.StationId != fill.Station?.StationId
                ? Facts.Of(("permitted", terms.StationId), ("reported", fill.Station?.StationId ?? "UNKNOWN"))
                : null),
        new(ViolationCode.WrongGun, "充装枪不符", "Not the permit's gun", RuleSources.OneScanOneFill, fill =>
            fill.Terms is { } terms && (terms.TerminalId != fill.Report.TerminalId || terms.GunId != fill.Report.GunId)
                ? Facts.Of(("permitted", $"{terms.TerminalId}/{terms.GunId}"), ("reported", $"{fill.Report.TerminalId}/{fill.Report.GunId}"))
                : null),
        new(ViolationCode.WrongCylinder, "气瓶不符", "Not the permit's cylinder", RuleSources.OneScanOneFill, fill =>
            fill is { Terms: not null, PermitCylinder: { } permitted } && permitted.CylinderId != fill.Cylinder?.CylinderId
                ? Facts.Of(("permitted", permitted.Code), ("scanned", fill.Report.Scanned))
                : null),
        new(ViolationCode.Overfilled, "超装", "Overfilled", RuleSources.Gb14193, fill =>
            fill.Cylinder is { MaxNetMassG: > 0 } cylinder && fill.NetMassG > cylinder.MaxNetMassG
                ? Facts.Of(("net_mass_g", fill.NetMassG), ("max_net_mass_g", cylinder.MaxNetMassG))
                : null),
        new(ViolationCode.Underfilled, "短装", "Under-filled", "JJF 1070", fill =>
            fill.Cylinder is not null && fill.Station is { NominalNetMassG: > 0 } station && fill.NetMassG < station.NominalNetMassG - station.NominalToleranceG
                ? Facts.Of(("net_mass_g", fill.NetMassG), ("nominal_net_mass_g", station.NominalNetMassG))
                : null),
        new(ViolationCode.TareDeviation, "实测皮重偏差", "The weighed tare differs from the label", RuleSources.Gb14193, fill =>
            fill.Cylinder is { TareG: > 0 } cylinder && fill.Report.HasWeighedTareG && Math.Abs(fill.Report.WeighedTareG - cylinder.TareG) > fill.Limits[LimitNames.TareTolerance]
                ? Facts.Of(("weighed_g", fill.Report.WeighedTareG), ("label_g", cylinder.TareG))
                : null),
        new(ViolationCode.PostfillCheckFailed, "充装后检查不合格", "A post-fill check failed", RuleSources.SafetyLaw49, fill =>
            fill.Report.Checks.Any(check => check.Outcome == CheckOutcome.Failed)
                ? Facts.Of(("items", ContractNames<PostfillItem>.Of(fill.Report.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => check.Item))))
                : null),
        new(ViolationCode.StationSuspended, "停产整顿期间充装", "Filled while suspended", RuleSources.ProvincialPlan, fill =>
            fill.Station is { Status: StationStatus.Suspended or StationStatus.Revoked } ? Facts.Of(("status", ContractNames<StationStatus>.Of(fill.Station.Status))) : null),
        new(ViolationCode.ImpossibleTime, "时间不合理", "Impossible times", RuleSources.Gb38059, ImpossibleTime),
        new(ViolationCode.SequenceGap, "序号缺失", "A running number is missing", RuleSources.Gb38059, fill =>
            fill.Report.GunSequence > 0 && fill.Gun is { LastSequence: > 0 } gun && fill.Report.GunSequence != gun.LastSequence + 1
                ? Facts.Of(("expected", gun.LastSequence + 1), ("reported", fill.Report.GunSequence))
                : null),
    ];

    /// <summary>Every rule that the fact broke.</summary>
    public static IReadOnlyList<Finding> Judge(FillCase fill)
    {
        List<Finding>? findings = null;
        foreach (var rule in All)
        {
            if (rule.Check(fill) is { } facts)
            {
                (findings ??= []).Add(rule.ToFinding(facts));
            }
        }

        return findings ?? (IReadOnlyList<Finding>)[];
    }

    private static Facts? ImpossibleTime(FillCase fill)
    {
        var started = fill.Report.StartedAt?.ToDateTimeOffset();
        var ended = fill.Report.EndedAt?.ToDateTimeOffset();
        var skew = TimeSpan.FromSeconds(fill.Limits[LimitNames.ClockRefuse]);
        var issued = fill.Terms is null ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeSeconds(fill.Terms.IssuedAtUnixS);
        return ended < started || started < issued - skew || ended > fill.Now.Instant + skew || started > fill.Now.Instant + skew
            ? Facts.Of(("started_at", started?.ToString("O")), ("ended_at", ended?.ToString("O")))
            : null;
    }
}
