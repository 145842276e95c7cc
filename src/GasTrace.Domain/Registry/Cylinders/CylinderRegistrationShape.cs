using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry.Codes;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>The shape of what is registered, one and imported alike.</summary>
internal static class CylinderRegistrationShape
{
    private const int AliasesMax = 16;

    public static Rejection? Validate(CylinderRegistration cylinder, IReadOnlyList<CodeFormat> formats) => Must.All(
        cylinder.Code.Length > 0 ? BeCode("code", cylinder.Code, formats) : Must.BeRegion("issue_region", cylinder.IssueRegion),
        Must.BeId("maker", cylinder.Maker),
        Must.BeId("serial_number", cylinder.SerialNumber),
        RegisteredFacts.Validate(RegisteredFacts.Of(cylinder)),
        Must.BeIdOrEmpty("use_registration.unit_id", cylinder.UseRegistration?.UnitId ?? string.Empty),
        Must.BeIdOrEmpty("use_registration.certificate_number", cylinder.UseRegistration?.CertificateNumber ?? string.Empty),
        cylinder.LastInspection is { } inspection ? Validate("last_inspection", inspection) : null,
        Must.BeDayOrEmpty("out_of_use.from", cylinder.OutOfUse?.From),
        cylinder.OutOfUse?.Until is { } until ? Rejection.Invalid("out_of_use.until", until.ToString(), new("不得填写：已结束的停用期不再冻结气瓶", "must be absent: a period that has ended holds nothing")) : null,
        Must.BeFew("aliases", cylinder.Aliases.Count, AliasesMax),
        Must.Each(cylinder.Aliases, alias => BeAlias("aliases", alias)));

    public static Rejection? Validate(string field, Inspection inspection) => Must.All(
        Must.BeDay(field + ".inspected_on", inspection.InspectedOn),
        Must.BeNamed(field + ".result", inspection.Result),
        Must.BeIdOrEmpty(field + ".inspection_body_id", inspection.InspectionBodyId),
        Must.BeIdOrEmpty(field + ".report_number", inspection.ReportNumber));

    /// <summary>A code in one of the formats for labels, check character included.</summary>
    public static Rejection? BeCode(string field, string value, IReadOnlyList<CodeFormat> formats) => CodeReading.Read(value, formats) switch
    {
        { Outcome: ReadingOutcome.Readable, Kind: AliasKind.Code } => null,
        { Outcome: ReadingOutcome.CheckFailed } failed => Rejection.Invalid(field, value, failed.Fault, "CODE_CHECK_FAILED"),
        var malformed => Rejection.Invalid(field, value, malformed.Fault, "CODE_MALFORMED"),
    };

    /// <summary>An alias that is no code.</summary>
    public static Rejection? BeAlias(string field, Alias? alias) => alias is null
        ? Must.BeThere(field, alias)
        : Must.All(
            Must.BeNamed(field + ".kind", alias.Kind),
            alias.Kind == AliasKind.Code ? Rejection.Invalid(field + ".kind", ContractNames<AliasKind>.Of(alias.Kind), new("不得填写：一瓶一码，换码用 ReplaceCode", "must be another: a cylinder has one code, replaced by ReplaceCode")) : null,
            Must.BeId(field + ".value", AliasText.Normalise(alias.Value)));
}
