using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>Refuses a cylinder that is held for one of some kinds.</summary>
internal abstract class HoldRule(RefusalCode code, string chinese, string english, string source, params HoldKind[] kinds)
    : CylinderRule(code, chinese, english, source)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan)
    {
        foreach (var hold in cylinder.Holds)
        {
            if (kinds.Contains(hold.Kind))
            {
                return Facts.Of(("hold", ContractNames<HoldKind>.Of(hold.Kind)), ("reason", hold.Reason), ("since", hold.Since.ToDateTimeOffset().ToString("O")));
            }
        }

        return null;
    }
}

/// <summary>201: scrapped.</summary>
internal sealed class CylinderScrapped() : CylinderRule(RefusalCode.CylinderScrapped, "已报废", "The cylinder was scrapped", RuleSources.CityTraceability)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) => cylinder.Scrapped ? Facts.Of() : null;
}

/// <summary>203: seized by a regulator.</summary>
internal sealed class CylinderSeized()
    : HoldRule(RefusalCode.CylinderSeized, "已查封扣押", "Seized by a regulator", RuleSources.ProvincialPlan, HoldKind.Seized);

/// <summary>204: this cylinder is on the product blacklist.</summary>
internal sealed class CylinderBlacklisted()
    : HoldRule(RefusalCode.CylinderBlacklisted, "列入产品黑名单", "On the product blacklist", RuleSources.ProvincialPlan, HoldKind.Blacklisted);

/// <summary>205: recalled by maker and month, by model or by range of codes.</summary>
internal sealed class ModelOrBatchRecalled()
    : CylinderRule(RefusalCode.ModelOrBatchRecalled, "型号或批次召回", "Model or batch is recalled", RuleSources.ProvincialPlan)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) =>
        scan.Recall is { } recall ? Facts.Of(("recall", Recall.Descriptor.FindFieldByNumber((int)recall.TargetCase)?.Name), ("reason", recall.Reason)) : null;
}

/// <summary>206: gas and liquid in one cylinder. Single liquid-phase cylinders are legal.</summary>
internal sealed class TwoPhaseBanned()
    : CylinderRule(RefusalCode.TwoPhaseBanned, "气液双相瓶禁用", "Two-phase cylinders are banned", RuleSources.Gb5842)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) =>
        CylinderModel.Find(cylinder.Model) is { TwoPhase: true } ? Facts.Of(("model", cylinder.Model)) : null;
}

/// <summary>207: refurbished.</summary>
internal sealed class Refurbished() : CylinderRule(RefusalCode.Refurbished, "翻新瓶", "Refurbished cylinder", RuleSources.Refurbished)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) => cylinder.Refurbished ? Facts.Of() : null;
}

/// <summary>210: lost, stolen, out of use, or not yet released after a bad fill.</summary>
internal sealed class CylinderOutOfUse()
    : HoldRule(RefusalCode.CylinderOutOfUse, "停用", "Out of use", RuleSources.SafetyLaw49, HoldKind.OutOfUse, HoldKind.Overfilled, HoldKind.PostfillFailed);

/// <summary>301: after the due date that counts.</summary>
internal sealed class InspectionOverdue()
    : CylinderRule(RefusalCode.InspectionOverdue, "超期未检", "Periodic inspection is overdue", RuleSources.Tsg23)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan)
    {
        // Never inspected and nothing recorded is 302, a reason of its own.
        if (cylinder.LastInspection is null && cylinder.InspectionDueOn is null)
        {
            return null;
        }

        var due = scan.InspectionDue;
        return scan.Now.Today > due ? Facts.Of(("due", due), ("policy", InspectionCalendar.MonthPolicy(cylinder.InspectionDuePrecision, scan.Limits))) : null;
    }
}

/// <summary>302: older than its first interval and no inspection on record.</summary>
internal sealed class InspectionMissing()
    : CylinderRule(RefusalCode.InspectionMissing, "检验信息缺失", "No inspection on record", RuleSources.Tsg23)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) =>
        InspectionCalendar.IsNeverInspected(cylinder, scan.Limits, scan.Now.Today) ? Facts.Of() : null;
}

/// <summary>303: the last inspection failed. Whatever is not known to have passed has: a newer build may write results that this one does not know.</summary>
internal sealed class InspectionFailed()
    : CylinderRule(RefusalCode.InspectionFailed, "检验不合格", "The last inspection failed", RuleSources.Gb8334)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) =>
        cylinder.LastInspection is { Result: not InspectionResult.Passed } ? Facts.Of() : null;
}

/// <summary>304: the body's approval was revoked with effect on the last inspection.</summary>
internal sealed class InspectionOrgInvalid()
    : CylinderRule(RefusalCode.InspectionOrgInvalid, "检验机构资质无效", "The inspection body's approval was revoked", RuleSources.ProvincialPlan)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan)
    {
        var revoked = Deciding.CalendarDate.ToDayOrNull(scan.InspectionBody?.RevokedFrom);
        var inspected = Deciding.CalendarDate.ToDayOrNull(cylinder.LastInspection?.InspectedOn);
        return revoked is not null && inspected >= revoked
            ? Facts.Of(("body", scan.InspectionBody?.InspectionBodyId), ("revoked_from", revoked))
            : null;
    }
}

/// <summary>305: after the last day of design life.</summary>
internal sealed class ServiceLifeExceeded()
    : CylinderRule(RefusalCode.ServiceLifeExceeded, "超出使用年限", "Past its design life", RuleSources.SafetyLaw48)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan)
    {
        var end = InspectionCalendar.LifeEnd(cylinder, scan.Limits);
        return end is not null && scan.Now.Today > end
            ? Facts.Of(("service_life_ends_on", end), ("policy", cylinder.ServiceLifeEndsOn is null ? null : InspectionCalendar.MonthPolicy(cylinder.ServiceLifePrecision, scan.Limits)))
            : null;
    }
}

/// <summary>307: out of use for longer than one interval and not inspected since.</summary>
internal sealed class LongStorageUninspected()
    : CylinderRule(RefusalCode.LongStorageUninspected, "停用超周期未检", "Long out of use and not inspected since", RuleSources.Tsg23)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) =>
        LongStorage.WantsInspection(cylinder, scan.Limits, scan.Now.Today) ? Facts.Of() : null;
}

/// <summary>402: none, or cancelled.</summary>
internal sealed class UseRegistrationMissing()
    : CylinderRule(RefusalCode.UseRegistrationMissing, "未办使用登记", "No valid use registration", RuleSources.SafetyLaw49)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) =>
        cylinder.UseRegistration is null or { CertificateNumber: "" } or { UnitId: "" } or { Cancelled: true } ? Facts.Of() : null;
}

/// <summary>504: no tare on the register.</summary>
internal sealed class TareUnknown() : CylinderRule(RefusalCode.TareUnknown, "皮重不明", "The tare is unknown", RuleSources.Gb14193)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) => cylinder.TareG <= 0 ? Facts.Of() : null;
}

/// <summary>512: new or just inspected and not purged since.</summary>
internal sealed class PurgeRequired()
    : CylinderRule(RefusalCode.PurgeRequired, "未抽真空/置换", "Must be purged before filling", RuleSources.Gb14193)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan) => cylinder.PurgeRequired ? Facts.Of() : null;
}
