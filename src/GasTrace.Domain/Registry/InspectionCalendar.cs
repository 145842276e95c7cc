using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.V1;

namespace GasTrace.Domain.Registry;

/// <summary>When a cylinder is due for inspection and when its design life ends, computed from dates at decision time.</summary>
public static class InspectionCalendar
{
    private static readonly DateOnly Gb58422006 = new(2007, 2, 1);
    private static readonly DateOnly Gb58422023 = new(2023, 12, 1);

    /// <summary>The design family that gas and date of manufacture imply.</summary>
    public static CylinderKind KindOf(string gas, DateOnly manufactured) => Gases.ClassOf(gas) switch
    {
        GasClass.Lpg when manufactured < Gb58422006 => CylinderKind.Lpg1996,
        GasClass.Lpg when manufactured < Gb58422023 => CylinderKind.Lpg2006,
        GasClass.Lpg => CylinderKind.Lpg2023,
        _ when gas == "ACETYLENE" => CylinderKind.Acetylene,
        _ when gas == "CNG" => CylinderKind.CngVehicle,
        _ => CylinderKind.Seamless,
    };

    /// <summary>Months between inspections, at an age.</summary>
    public static int IntervalMonths(Cylinder cylinder, LimitTable limits, DateOnly at)
    {
        var name = cylinder.Kind switch
        {
            CylinderKind.Lpg1996 when at >= cylinder.ManufacturedOn.ToDay().AddYears(12) => "LPG_1996_after_12_years",
            CylinderKind.Lpg1996 => "LPG_1996",
            CylinderKind.Lpg2006 => "LPG_2006",
            CylinderKind.Lpg2023 => "LPG_2023",
            CylinderKind.Acetylene => "ACETYLENE",
            CylinderKind.CngVehicle or CylinderKind.CngTaxi => "CNG_VEHICLE",
            CylinderKind.Cryogenic => "CRYOGENIC",
            _ => null,
        };
        return (int)(name is null ? ShortestByGas(cylinder, limits) : limits[LimitNames.InspectionInterval(name)]);
    }

    // Seamless, welded and aluminium ones by their gas and surroundings; of a mixture's components the shortest (TSG 23-2021).
    private static long ShortestByGas(Cylinder cylinder, LimitTable limits)
    {
        var shortest = cylinder.CorrosiveEnvironment ? limits[LimitNames.InspectionInterval("CORROSIVE")] : long.MaxValue;
        foreach (var gasClass in Gases.ClassesOf(cylinder.Gas))
        {
            shortest = Math.Min(shortest, limits[LimitNames.InspectionInterval(gasClass switch
            {
                GasClass.Inert => "INERT",
                GasClass.Corrosive => "CORROSIVE",
                _ => "OTHER",
            })]);
        }

        return shortest;
    }

    /// <summary>
    /// The last day on which it may be filled without another inspection: the earlier of the due date on record and last
    /// inspection + interval (TSG 23-2021). With neither on record, the first interval runs from manufacture.
    /// </summary>
    public static DateOnly Due(Cylinder cylinder, LimitTable limits)
    {
        var basis = cylinder.LastInspection?.InspectedOn.ToDayOrNull() ?? cylinder.ManufacturedOn.ToDay();
        var computed = basis.AddMonths(IntervalMonths(cylinder, limits, basis));
        if (cylinder.InspectionDueOn.ToDayOrNull() is not { } recorded)
        {
            return computed;
        }

        recorded = ByPolicy(recorded, cylinder.InspectionDuePrecision, limits);

        // A new cylinder's recorded date stands: there is no inspection to count an interval from.
        return cylinder.LastInspection is null || recorded < computed ? recorded : computed;
    }

    /// <summary>True when it is older than its first interval and no inspection is on record.</summary>
    public static bool IsNeverInspected(Cylinder cylinder, LimitTable limits, DateOnly today)
    {
        var manufactured = cylinder.ManufacturedOn.ToDay();
        return cylinder.LastInspection is null && today > manufactured.AddMonths(IntervalMonths(cylinder, limits, manufactured));
    }

    /// <summary>
    /// Last day of design life: as stamped where the register says, else by family and date of manufacture; null where the
    /// family has no figure.
    /// </summary>
    public static DateOnly? LifeEnd(Cylinder cylinder, LimitTable limits)
    {
        if (cylinder.ServiceLifeEndsOn.ToDayOrNull() is { } stamped)
        {
            return ByPolicy(stamped, cylinder.ServiceLifePrecision, limits);
        }

        var manufactured = cylinder.ManufacturedOn.ToDay();
        if (LifeName(cylinder) is not { } name || limits.Find(LimitNames.ServiceLife(name)) is not { } months)
        {
            return null;
        }

        var end = manufactured.AddMonths((int)months);
        return cylinder.Kind == CylinderKind.Lpg2006 && PassedNear(cylinder, end, limits)
            ? end.AddMonths((int)limits[LimitNames.LifeExtension])
            : end;
    }

    /// <summary>Which day of a month counts where the register holds a month; null where it holds a day.</summary>
    internal static string? MonthPolicy(DatePrecision precision, LimitTable limits) => precision != DatePrecision.Month ? null
        : limits[LimitNames.MonthPolicy] == 1 ? "end-of-month" : "start-of-month";

    private static DateOnly ByPolicy(DateOnly recorded, DatePrecision precision, LimitTable limits) => precision != DatePrecision.Month ? recorded
        : new DateOnly(recorded.Year, recorded.Month, limits[LimitNames.MonthPolicy] == 1 ? DateTime.DaysInMonth(recorded.Year, recorded.Month) : 1);

    private static string? LifeName(Cylinder cylinder) => cylinder.Kind switch
    {
        CylinderKind.Lpg1996 => "LPG_1996",
        CylinderKind.Lpg2006 => "LPG_2006",
        CylinderKind.Lpg2023 => "LPG_2023",
        CylinderKind.Seamless => "SEAMLESS",
        CylinderKind.Welded => cylinder.CorrosiveEnvironment || Gases.ClassOf(cylinder.Gas) == GasClass.Corrosive ? "WELDED_CORROSIVE" : "WELDED",
        CylinderKind.Acetylene => "ACETYLENE",
        CylinderKind.CngVehicle => "CNG_VEHICLE",
        CylinderKind.CngTaxi => "CNG_TAXI",
        CylinderKind.Cryogenic => "CRYOGENIC",
        _ => null,
    };

    private static bool PassedNear(Cylinder cylinder, DateOnly end, LimitTable limits) =>
        cylinder.LastInspection is { Result: InspectionResult.Passed } inspection
        && inspection.InspectedOn.ToDay() >= end.AddMonths(-(int)limits[LimitNames.LifeExtensionLead]);
}
