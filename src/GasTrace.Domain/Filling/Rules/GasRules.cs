using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>401: the use registration is held by another unit and there is no custody.</summary>
internal sealed class NotRegisteredToStation()
    : StationRule(RefusalCode.NotRegisteredToStation, "非自有气瓶", "Registered for use by another unit", RuleSources.Tsg07OwnCylinders)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan) =>
        scan.Cylinder?.UseRegistration is { UnitId: { Length: > 0 } holder } && holder != station.UnitId && scan.Custody is not { Active: true }
            ? Facts.Of(("held_by", holder), ("station_unit", station.UnitId))
            : null;
}

/// <summary>501: the gun's gas is not the cylinder's, or not the gas batch's.</summary>
internal sealed class MediumMismatch() : StationRule(RefusalCode.MediumMismatch, "介质不符", "Not the same gas", RuleSources.Tsg23SingleGas)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan)
    {
        var cylinderDiffers = scan.Cylinder is { } cylinder && cylinder.Gas != terminal.Gas;
        var batchDiffers = scan.GasBatch is { } batch && batch.Gas != terminal.Gas;
        return cylinderDiffers || batchDiffers
            ? Facts.Of(("gun", terminal.Gas), ("cylinder", scan.Cylinder?.Gas), ("gas_batch", scan.GasBatch?.Gas))
            : null;
    }
}

/// <summary>505: weighed empty it differs from the label beyond tolerance.</summary>
internal sealed class TareDeviation()
    : ScanRule(RefusalCode.TareDeviation, "实测皮重偏差", "The weighed tare differs from the label", RuleSources.Gb14193)
{
    public override bool MayBeOverridden => true;

    public override Facts? Check(ScanCase scan) =>
        scan.Cylinder is { TareG: > 0 } cylinder && scan.Request.HasWeighedTareG
        && Math.Abs(scan.Request.WeighedTareG - cylinder.TareG) > scan.Limits[LimitNames.TareTolerance]
            ? Facts.Of(("weighed_g", scan.Request.WeighedTareG), ("label_g", cylinder.TareG), ("tolerance_g", scan.Limits[LimitNames.TareTolerance]))
            : null;
}

/// <summary>511: measured without residual pressure, until purged.</summary>
internal sealed class NoResidualPressure()
    : ScanRule(RefusalCode.NoResidualPressure, "无余压", "No residual pressure", RuleSources.Gb14193)
{
    public override Facts? Check(ScanCase scan) =>
        scan.Cylinder is { } cylinder && scan.Request is { HasResidualPressureKpa: true, ResidualPressureKpa: 0 } && !PurgedSinceLastFill(cylinder)
            ? Facts.Of(("residual_pressure_kpa", 0))
            : null;

    private static bool PurgedSinceLastFill(Cylinder cylinder) =>
        cylinder.PurgedAt is { } purged && (cylinder.LastFilledAt is null || purged > cylinder.LastFilledAt);
}

/// <summary>513: unknown to this station, held or condemned (dimethyl ether).</summary>
internal sealed class GasBatchOnHold() : StationRule(RefusalCode.GasBatchOnHold, "气源批次冻结", "The gas batch may not be used", RuleSources.ProvincialPlan)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan) =>
        scan.GasBatch is not { Status: GasBatchStatus.Released }
            ? Facts.Of(("gas_batch", scan.Request.GasBatchId), ("status", scan.GasBatch is { } batch ? ContractNames<GasBatchStatus>.Of(batch.Status) : "UNKNOWN"))
            : null;
}

/// <summary>515: no valid quality certificate.</summary>
internal sealed class GasBatchUntested()
    : StationRule(RefusalCode.GasBatchUntested, "气源未检测或合格证过期", "The gas batch has no valid certificate", RuleSources.ProvincialPlan)
{
    protected override Facts? Check(Terminal terminal, Station station, ScanCase scan)
    {
        var ends = scan.GasBatch?.CertificateEndsOn.ToDayOrNull();
        return scan.GasBatch is { } batch && (batch.CertificateNumber.Length == 0 || ends is null || scan.Now.Today > ends)
            ? Facts.Of(("gas_batch", batch.GasBatchId), ("certificate_ends_on", ends))
            : null;
    }
}
