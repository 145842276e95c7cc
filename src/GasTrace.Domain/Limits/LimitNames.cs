using System.Collections.Concurrent;

namespace GasTrace.Domain.Limits;

/// <summary>Names of limits; the unit comes last.</summary>
public static class LimitNames
{
    /// <summary>How long an issued permit holds.</summary>
    public const string PermitLifetime = "permit_lifetime_s";

    /// <summary>How long after its beginning a fill must be reported.</summary>
    public const string FillDuration = "fill_duration_max_s";

    /// <summary>By how much a weighed tare may differ from the label.</summary>
    public const string TareTolerance = "tare_tolerance_g";

    /// <summary>From which difference on a terminal's clock is refused.</summary>
    public const string ClockRefuse = "clock_difference_refuse_s";

    /// <summary>From which difference on a terminal's clock is warned of.</summary>
    public const string ClockWarn = "clock_difference_warn_s";

    /// <summary>Days before an inspection is due that are warned of.</summary>
    public const string InspectionWarning = "inspection_warning_days";

    /// <summary>Days before the end of design life that are warned of.</summary>
    public const string LifeWarning = "service_life_warning_days";

    /// <summary>Days before a licence, certificate or calibration ends that are warned of.</summary>
    public const string LicenceWarning = "licence_warning_days";

    /// <summary>How long after its record a fill may be voided.</summary>
    public const string VoidWindow = "fill_void_window_s";

    /// <summary>What a cylinder that did not return leads to: 0 nothing, 1 a warning, 2 a refusal.</summary>
    public const string NotReturned = "not_returned_policy";

    /// <summary>Which day of a month counts where a register holds months: 0 the first, 1 the last.</summary>
    public const string MonthPolicy = "month_only_due_date_policy";

    /// <summary>Lengthening of design life by a passed inspection (LPG of GB 5842-2006).</summary>
    public const string LifeExtension = "service_life_extension_LPG_2006_months";

    /// <summary>How long before the end of design life an inspection may lie to lengthen it.</summary>
    public const string LifeExtensionLead = "service_life_extension_lead_months";

    /// <summary>Greatest mass per litre of water capacity.</summary>
    public static string FillingCoefficient(string gas) => $"filling_coefficient_{gas}_g_per_l";

    /// <summary>Interval of periodic inspection.</summary>
    public static string InspectionInterval(string kind) => Intervals.GetOrAdd(kind, static name => $"inspection_interval_{name}_months");

    /// <summary>Design life where the register does not say.</summary>
    public static string ServiceLife(string kind) => Lives.GetOrAdd(kind, static name => $"service_life_{name}_months");

    // Kinds are few and come from code; a scan asks for the same names several times.
    private static readonly ConcurrentDictionary<string, string> Intervals = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string> Lives = new(StringComparer.Ordinal);
}
