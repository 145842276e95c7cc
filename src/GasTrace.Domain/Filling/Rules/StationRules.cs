using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>601: unknown station, or its licence was revoked.</summary>
internal sealed class StationUnlicensed() : ScanRule(RefusalCode.StationUnlicensed, "无充装许可", "The station has no licence", RuleSources.SafetyLaw49)
{
    public override Facts? Check(ScanCase scan) => scan.Terminal is not null && scan.Station is null or { Status: StationStatus.Revoked } or { LicenceNumber: "" }
        ? Facts.Of(("station", scan.Terminal?.StationId))
        : null;
}

/// <summary>602: the licence has expired.</summary>
internal sealed class StationLicenceExpired()
    : StationRule(RefusalCode.StationLicenceExpired, "充装许可过期", "The station's licence has expired", RuleSources.Tsg07Licence)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan) =>
        scan.Now.Today > station.LicenceEndsOn.ToDayOrNull() ? Facts.Of(("licence_ends_on", station.LicenceEndsOn.ToDayOrNull())) : null;
}

/// <summary>603: the gun's gas is not in the licence.</summary>
internal sealed class StationScopeExceeded() : StationRule(RefusalCode.StationScopeExceeded, "超许可范围", "Not in the station's licence", RuleSources.Tsg07Licence)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan) => station.LicensedGases.Contains(terminal.Gas)
        ? null
        : Facts.Of(("gas", terminal.Gas), ("licensed", string.Join(' ', station.LicensedGases)));
}

/// <summary>604: suspended.</summary>
internal sealed class StationSuspended() : StationRule(RefusalCode.StationSuspended, "停产整顿", "The station is suspended", RuleSources.ProvincialPlan)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan) =>
        station.Status == StationStatus.Suspended ? Facts.Of() : null;
}

/// <summary>605: unknown, or not of this station.</summary>
internal sealed class OperatorUnknown()
    : StationRule(RefusalCode.OperatorUnknown, "未知充装人员", "The operator is not registered at this station", RuleSources.SafetyLaw49)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan) =>
        scan.OperatorHere is null ? Facts.Of(("operator", scan.Request.OperatorId)) : null;
}

/// <summary>606: item P missing, or expired.</summary>
internal sealed class OperatorCertInvalid()
    : StationRule(RefusalCode.OperatorCertInvalid, "作业人员证无效", "The operator's certificate is not valid", "TSG Z6001")
{
    /// <summary>The item of the certificate that filling needs (气瓶充装).</summary>
    private const string FillingItem = "P";

    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan)
    {
        var ends = scan.OperatorHere?.CertificateEndsOn.ToDayOrNull();
        return scan.OperatorHere is { } person && (!person.CertificateItems.Contains(FillingItem) || ends is null || scan.Now.Today > ends)
            ? Facts.Of(("operator", person.OperatorId), ("certificate_ends_on", ends))
            : null;
    }
}

/// <summary>607: on the blacklist.</summary>
internal sealed class OperatorBlacklisted() : StationRule(RefusalCode.OperatorBlacklisted, "人员黑名单", "The operator is blacklisted", RuleSources.ProvincialPlan)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan) =>
        scan.OperatorHere is { Blacklisted: true } ? Facts.Of() : null;
}

/// <summary>608: terminal or gun not registered to the station.</summary>
internal sealed class TerminalUnregistered()
    : ScanRule(RefusalCode.TerminalUnregistered, "终端或灌装秤未登记", "Terminal or gun is not registered", RuleSources.Gb38059)
{
    public override Facts? Check(ScanCase scan) =>
        scan.Terminal is null || scan.Gun is null ? Facts.Of(("terminal", scan.Request.TerminalId), ("gun", scan.Request.GunId)) : null;
}

/// <summary>609: the scale's calibration has expired.</summary>
internal sealed class ScaleCalibrationExpired()
    : ScanRule(RefusalCode.ScaleCalibrationExpired, "秤检定过期", "The scale's calibration has expired", RuleSources.Metrology)
{
    public override Facts? Check(ScanCase scan)
    {
        var ends = scan.Gun?.CalibrationEndsOn.ToDayOrNull();
        return scan.Now.Today > ends ? Facts.Of(("calibration_ends_on", ends)) : null;
    }
}

/// <summary>610: terminal, gun or station locked by the regulator.</summary>
internal sealed class ScaleLocked() : ScanRule(RefusalCode.ScaleLocked, "监管远程锁定", "Locked by the regulator", RuleSources.CityTraceability)
{
    public override Facts? Check(ScanCase scan) => scan switch
    {
        { Station.Locked: true } => Facts.Of(("locked", "station")),
        { Terminal.Locked: true } => Facts.Of(("locked", "terminal")),
        { Gun.Locked: true } => Facts.Of(("locked", "gun")),
        _ => null,
    };
}

/// <summary>905: the terminal's clock cannot be trusted.</summary>
internal sealed class ClockUntrusted() : ScanRule(RefusalCode.ClockUntrusted, "时钟不可信", "The terminal's clock is wrong", RuleSources.Gb38059)
{
    public override Facts? Check(ScanCase scan) => scan.ClockDifferenceSeconds > scan.Limits[LimitNames.ClockRefuse]
        ? Facts.Of(("difference_s", (long?)scan.ClockDifferenceSeconds))
        : null;
}
