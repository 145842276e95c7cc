using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>701: a required pre-fill item has no result.</summary>
internal sealed class PrefillCheckMissing()
    : ScanRule(RefusalCode.PrefillCheckMissing, "未做充装前检查", "A pre-fill check is missing", RuleSources.SafetyLaw49)
{
    private static readonly PrefillItem[] Required = [.. Enum.GetValues<PrefillItem>().Where(item => item != PrefillItem.Unspecified)];

    public override Facts? Check(ScanCase scan)
    {
        foreach (var item in Required)
        {
            if (!Has(scan, item))
            {
                return Facts.Of(("items", ContractNames<PrefillItem>.Of(Required.Where(missing => !Has(scan, missing)))));
            }
        }

        return null;
    }

    private static bool Has(ScanCase scan, PrefillItem item)
    {
        // By index: the enumerator would be an object for every item of every scan.
        for (var i = 0; i < scan.Request.Checks.Count; i++)
        {
            if (scan.Request.Checks[i] is { } check && check.Item == item && check.Outcome != CheckOutcome.Unspecified)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>702: a pre-fill item failed.</summary>
internal sealed class PrefillCheckFailed()
    : ScanRule(RefusalCode.PrefillCheckFailed, "充装前检查不合格", "A pre-fill check failed", RuleSources.SafetyLaw49)
{
    public override Facts? Check(ScanCase scan)
    {
        foreach (var check in scan.Request.Checks)
        {
            if (check.Outcome == CheckOutcome.Failed)
            {
                return Facts.Of(("items", ContractNames<PrefillItem>.Of(scan.Request.Checks.Where(failed => failed.Outcome == CheckOutcome.Failed).Select(failed => failed.Item))));
            }
        }

        return null;
    }
}

/// <summary>805: the cylinder has a permit that is not finished.</summary>
internal sealed class PermitOpen() : ScanRule(RefusalCode.PermitOpen, "同瓶已有未完成许可", "The cylinder has an open permit", RuleSources.OneScanOneFill)
{
    public override Facts? Check(ScanCase scan) => scan.OpenPermit is { } open
        ? Facts.Of(
            ("station", open.Terms.StationId),
            ("terminal", open.Terms.TerminalId),
            ("gun", open.Terms.GunId),
            ("until", DateTimeOffset.FromUnixTimeSeconds(open.DeadlineUnixS).ToString("O")))
        : null;
}

/// <summary>806: still recorded as full or at a customer's; refuses where the policy is 2.</summary>
internal sealed class NotReturned() : ScanRule(RefusalCode.NotReturned, "重瓶未回站", "Not recorded as returned", RuleSources.ProvincialPlan)
{
    /// <summary>The policy that refuses.</summary>
    private const int Refuse = 2;

    public override Facts? Check(ScanCase scan) => scan.Limits[LimitNames.NotReturned] == Refuse ? Fact(scan) : null;

    internal static Facts? Fact(ScanCase scan) =>
        scan.Cylinder is { } cylinder && cylinder.Whereabouts != Whereabouts.Unspecified ? Facts.Of(("whereabouts", ContractNames<Whereabouts>.Of(cylinder.Whereabouts))) : null;
}

/// <summary>808: the gun has another permit begun.</summary>
internal sealed class ScaleBusy() : ScanRule(RefusalCode.ScaleBusy, "秤占用", "The gun is in use", RuleSources.OneScanOneFill)
{
    public override Facts? Check(ScanCase scan) => scan.GunCard is { BegunPermitId.Length: > 0 } gun && gun.ReportByUnixS > scan.Now.UnixSeconds
        ? Facts.Of(("permit", gun.BegunPermitId))
        : null;
}
