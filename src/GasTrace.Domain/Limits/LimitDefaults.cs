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

    /// <summary>All limits by name.</summary>
    public static readonly FrozenDictionary<string, Limit> All = Table().ToFrozenDictionary(limit => limit.Name, StringComparer.Ordinal);

    private static Limit[] Table() =>
    [
        Of(LimitNames.PermitLifetime, 600, Assumed, Confidence.C),
        Of(LimitNames.FillDuration, 1_800, Assumed, Confidence.C),
        Of(LimitNames.TareTolerance, 300, Assumed, Confidence.C),
        Of(LimitNames.ClockRefuse, 300, Assumed, Confidence.C),
        Of(LimitNames.ClockWarn, 60, Assumed, Confidence.C),
        Of(LimitNames.InspectionWarning, 30, Assumed, Confidence.C),
        Of(LimitNames.LifeWarning, 90, Assumed, Confidence.C),
        Of(LimitNames.LicenceWarning, 30, Assumed, Confidence.C),
        Of(LimitNames.VoidWindow, 1_800, Assumed, Confidence.C),
        Of(LimitNames.NotReturned, 1, Assumed, Confidence.C),
        Of(LimitNames.MonthPolicy, 0, Assumed, Confidence.C),
        Of(LimitNames.FillingCoefficient("LPG"), 420, Gb14193, Confidence.B),
        Of(LimitNames.FillingCoefficient("PROPANE"), 410, Gb14193, Confidence.C),
        Of(LimitNames.FillingCoefficient("PROPYLENE"), 420, Gb14193, Confidence.C),
        Of(LimitNames.FillingCoefficient("N_BUTANE"), 510, Gb14193, Confidence.C),
        Of(LimitNames.FillingCoefficient("ISOBUTANE"), 490, Gb14193, Confidence.C),
        Of(LimitNames.FillingCoefficient("DME"), 580, Gb14193, Confidence.C),
        Of(LimitNames.InspectionInterval("LPG_1996"), 48, "GB/T 8334", Confidence.B),
        Of(LimitNames.InspectionInterval("LPG_1996_after_12_years"), 36, "GB/T 8334", Confidence.B),
        Of(LimitNames.InspectionInterval("LPG_2006"), 48, "GB/T 8334-2022", Confidence.A),
        Of(LimitNames.InspectionInterval("LPG_2023"), 48, "GB/T 8334-2022", Confidence.A),
        Of(LimitNames.InspectionInterval("INERT"), 60, Tsg23, Confidence.A),
        Of(LimitNames.InspectionInterval("CORROSIVE"), 24, Tsg23, Confidence.A),
        Of(LimitNames.InspectionInterval("OTHER"), 36, Tsg23, Confidence.A),
        Of(LimitNames.InspectionInterval("ACETYLENE"), 36, Tsg23, Confidence.C),
        Of(LimitNames.InspectionInterval("CNG_VEHICLE"), 36, Tsg23, Confidence.B),
        Of(LimitNames.InspectionInterval("CRYOGENIC"), 36, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("LPG_1996"), 180, "GB 5842-1996", Confidence.B),
        Of(LimitNames.ServiceLife("LPG_2006"), 96, "GB 5842-2006", Confidence.A),
        Of(LimitNames.LifeExtension, 48, "GB 5842-2006", Confidence.A),
        Of(LimitNames.LifeExtensionLead, 12, Assumed, Confidence.C),
        // Stamped on each cylinder; where a register lacks the stamp the strictest figure of its family holds.
        Of(LimitNames.ServiceLife("LPG_2023"), 96, $"{Gb5842}-2023: as stamped; {Assumed} where the stamp is missing", Confidence.C),
        Of(LimitNames.ServiceLife("SEAMLESS"), 360, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("WELDED"), 240, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("WELDED_CORROSIVE"), 144, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("ACETYLENE"), 360, Tsg23, Confidence.C),
        Of(LimitNames.ServiceLife("CNG_VEHICLE"), 180, Tsg23, Confidence.B),
        Of(LimitNames.ServiceLife("CNG_TAXI"), 96, Tsg23, Confidence.B),
        Of(LimitNames.ServiceLife("CRYOGENIC"), 240, Tsg23, Confidence.C),
    ];

    private static Limit Of(string name, long value, string source, Confidence confidence) =>
        new() { Name = name, Value = value, Source = source, Confidence = confidence, ValidFrom = FromTheBeginning.ToMessage() };
}
