using GasTrace.Domain.Registry.Codes;
using GasTrace.V1;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>101: not readable as any configured format.</summary>
internal sealed class CodeMalformed()
    : ScanRule(RefusalCode.CodeMalformed, "瓶码格式无效", "The code is not readable", RuleSources.ProvincialPlan)
{
    public override Facts? Check(ScanCase scan) =>
        scan.Reading.Outcome == ReadingOutcome.Malformed ? Facts.Of(("scanned", scan.Request.Scanned)) : null;
}

/// <summary>102: right shape, wrong check character.</summary>
internal sealed class CodeCheckFailed()
    : ScanRule(RefusalCode.CodeCheckFailed, "瓶码校验位错误", "The code's check character is wrong", "ISO/IEC 7064")
{
    public override Facts? Check(ScanCase scan) =>
        scan.Reading.Outcome == ReadingOutcome.CheckFailed ? Facts.Of(("code", scan.Reading.Value)) : null;
}

/// <summary>103: bound to no cylinder.</summary>
internal sealed class CodeUnknown()
    : ScanRule(RefusalCode.CodeUnknown, "未登记瓶码", "The code is not registered", RuleSources.ProvincialPlan)
{
    // A cached cylinder may be older than its alias, from before it was registered: then this is taken back at the append.
    public override Facts? Check(ScanCase scan) => scan.Reading.Outcome == ReadingOutcome.Readable && scan.Alias?.Voided != true && scan.Cylinder is null
        ? Facts.Of(("code", scan.Reading.Value))
        : null;
}

/// <summary>105: replaced or voided. A label with a retired code may stick on any cylinder, so the cylinder is not judged.</summary>
internal sealed class CodeVoided()
    : ScanRule(RefusalCode.CodeVoided, "瓶码已作废", "The code has been retired", RuleSources.CityTraceability)
{
    public override Facts? Check(ScanCase scan) => scan.Alias?.Voided == true ? Facts.Of(("code", scan.Reading.Value)) : null;
}

/// <summary>106: the stamped number that the terminal read differs from the register's.</summary>
internal sealed class CodeStampMismatch()
    : CylinderRule(RefusalCode.CodeStampMismatch, "码与钢印号不符", "The stamped number is not the register's", RuleSources.ProvincialPlan)
{
    protected override Facts? Check(Cylinder cylinder, ScanCase scan)
    {
        if (scan.Request.StampedNumber.Length == 0)
        {
            return null;
        }

        var stamped = AliasText.Normalise(scan.Request.StampedNumber);
        var known = cylinder.Aliases.Where(alias => alias.Kind == AliasKind.StampedNumber && !alias.Voided).Select(alias => alias.Value).ToList();
        var expected = known.Count > 0 ? known : [AliasText.Normalise(cylinder.SerialNumber)];
        return !expected.Contains(stamped) ? Facts.Of(("stamped", stamped), ("registered", string.Join(' ', expected))) : null;
    }
}

/// <summary>107: held by a supervisor as a suspected clone.</summary>
internal sealed class CodeCloneSuspect()
    : HoldRule(RefusalCode.CodeCloneSuspect, "疑似克隆码", "Held as a suspected clone", RuleSources.ProvincialPlan, HoldKind.CloneSuspect);
