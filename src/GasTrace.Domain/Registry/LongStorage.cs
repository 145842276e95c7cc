using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.V1;

namespace GasTrace.Domain.Registry;

/// <summary>A cylinder out of use for longer than one interval is inspected before it is filled (TSG 23-2021).</summary>
public static class LongStorage
{
    /// <summary>
    /// True when its last period out of use was longer than one interval and no inspection came after that interval: one on the
    /// eve of its return counts, one when it had just been laid up does not.
    /// </summary>
    public static bool WantsInspection(Cylinder cylinder, LimitTable limits, DateOnly today)
    {
        if (cylinder.OutOfUse?.From.ToDayOrNull() is not { } from)
        {
            return false;
        }

        var longFrom = from.AddMonths(InspectionCalendar.IntervalMonths(cylinder, limits, from));
        var until = cylinder.OutOfUse.Until.ToDayOrNull() ?? today;
        return until > longFrom && !(cylinder.LastInspection?.InspectedOn.ToDayOrNull() > longFrom);
    }
}
