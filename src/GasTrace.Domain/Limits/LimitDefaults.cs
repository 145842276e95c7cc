using System.Collections.Frozen;
using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Limits;

/// <summary>The limits that hold until an administrator changes them, each with its source and how sure it is.</summary>
public static class LimitDefaults
{
    private const string Gb5842 = "GB 5842";
    private const string Tsg23 = "TSG 23-2021";
    private const string Gb14193 = "GB/T 14193";
    private const string Assumed = "GasTrace default";
    private static readonly DateOnly FromTheBeginning = new(2000, 1, 1);

    private static readonly (long Min, long Max) SomeSeconds = (1, 86_400);
    private static readonly (long Min, long Max) Days = (0, 3_650);
    private static readonly (long Min, long Max) SomeMonths = (1, 1_200);
    private static readonly (long Min, long Max) GramsPerLitre = (1, 2_000);
    private static readonly KnownLimit[] Known = Table();

    /// <summary>All limits by name.</summary>
    public static readonly FrozenDictionary<string, Limit> All = Known.ToFrozenDictionary(known => known.Limit.Name, known => known.Limit, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (long Min, long Max)> Ranges = Known.ToFrozenDictionary(known => known.Limit.Name, known => known.Range, StringComparer.Ordinal);

    /// <summary>
    /// What a limit may be set to, in the unit that its name ends with. Beyond it no rule could be meant: a typing error would refuse
    /// every scan, or none.
    /// </summary>
    public static (long Min, long Max) RangeOf(string name) => Ranges[name];

    private static KnownLimit[] Table() =>
    [
        Of(LimitNames.PermitLifetime, 600, SomeSeconds, Assumed, Confidence.C),
        Of(LimitNames.FillDuration, 1_800, SomeSeconds, Assumed, Confidence.C),
        Of(LimitNames.TareTolerance, 300, (0, 50_000), Assumed, Confidence.C),
        Of(LimitNames.ClockRefuse, 300, SomeSeconds, Assumed, Confidence.C),
        Of(LimitNames.ClockWarn, 60, SomeSeconds, Assumed, Confidence.C),
        Of(LimitNames.InspectionWarning, 30, Days, Assumed, Confidence.C),
        Of(LimitNames.LifeWarning, 90, Days, Assumed, Confidence.C),
        Of(LimitNames.LicenceWarning, 30, Days, Assumed, Confidence.C),
        Of(LimitNames.VoidWindow, 1_800, (0, 604_800), Assumed, Confidence.C),
        Of(LimitNames.NotReturned, 1, (0, 2), Assumed, Confidence.C),
        Of(LimitNames.MonthPolicy, 0, (0, 1), Assumed, Confidence.C),
        Of(LimitNames.FillingCoefficient("LPG"), 420, GramsPerLitre, Gb14193, Confidence.B),
        Of(LimitNames.FillingCoefficient("PROPANE"), 410, GramsPerLitre, Gb14193, Confidence.C),
        Of(LimitNames.FillingCoefficient("PROPYLENE"), 420, GramsPerLitre, Gb14193, Confidence.C),
        Of(LimitNames.FillingCoefficient("N_BUTANE"), 510, GramsPerLitre, Gb14193, Confidence.C),
        Of(LimitNames.FillingCoefficient("ISOBUTANE"), 490, GramsPerLitre, Gb14193, Confidence.C),
        Of(LimitNames.FillingCoefficient("DME"), 580, GramsPerLitre, Gb14193, Confidence.C),
        Of(LimitNames.InspectionInterval("LPG_1996"), 48, SomeMonths, "GB/T 8334", Confidence.B),
        Of(LimitNames.InspectionInterval("LPG_1996_after_12_years"), 36, SomeMonths, "GB/T 8334", Confidence.B),
        Of(LimitNames.InspectionInterval("LPG_2006"), 48, SomeMonths, "GB/T 8334-2022", Confidence.A),
        Of(LimitNames.InspectionInterval("LPG_2023"), 48, SomeMonths, "GB/T 8334-2022", Confidence.A),
        Of(LimitNames.InspectionInterval("INERT"), 60, SomeMonths, Tsg23, Confidence.A),
        Of(LimitNames.InspectionInterval("CORROSIVE"), 24, SomeMonths, Tsg23, Confidence.A),
        Of(LimitNames.InspectionInterval("OTHER"), 36, SomeMonths, Tsg23, Confidence.A),
        Of(LimitNames.InspectionInterval("ACETYLENE"), 36, SomeMonths, Tsg23, Confidence.C),
        Of(LimitNames.InspectionInterval("CNG_VEHICLE"), 36, SomeMonths, Tsg23, Confidence.B),
        Of(LimitNames.InspectionInterval("CRYOGENIC"), 36, SomeMonths, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("LPG_1996"), 180, SomeMonths, "GB 5842-1996", Confidence.B),
        Of(LimitNames.ServiceLife("LPG_2006"), 96, SomeMonths, "GB 5842-2006", Confidence.A),
        Of(LimitNames.LifeExtension, 48, (0, 1_200), "GB 5842-2006", Confidence.A),
        Of(LimitNames.LifeExtensionLead, 12, (0, 1_200), Assumed, Confidence.C),
        // Stamped on each cylinder; where a register lacks the stamp the strictest figure of its family holds.
        Of(LimitNames.ServiceLife("LPG_2023"), 96, SomeMonths, $"{Gb5842}-2023: as stamped; {Assumed} where the stamp is missing", Confidence.C),
        Of(LimitNames.ServiceLife("SEAMLESS"), 360, SomeMonths, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("WELDED"), 240, SomeMonths, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("WELDED_CORROSIVE"), 144, SomeMonths, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("ACETYLENE"), 360, SomeMonths, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("CNG_VEHICLE"), 180, SomeMonths, Tsg23, Confidence.B),
        Of(LimitNames.ServiceLife("CNG_TAXI"), 96, SomeMonths, Tsg23, Confidence.B),
        Of(LimitNames.ServiceLife("CRYOGENIC"), 240, SomeMonths, Tsg23, Confidence.C),
    ];

    private static KnownLimit Of(string name, long value, (long Min, long Max) range, string source, Confidence confidence) =>
        new(new Limit { Name = name, Value = value, Source = source, Confidence = confidence, ValidFrom = FromTheBeginning.ToMessage() }, range);

    private sealed record KnownLimit(Limit Limit, (long Min, long Max) Range);
}
