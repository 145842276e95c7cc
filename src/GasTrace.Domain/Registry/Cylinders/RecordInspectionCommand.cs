using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>
/// Records a periodic inspection. A cylinder that passed was opened and must be purged before it is filled (GB/T 14193), unless a
/// purge is on record from a later day, and one that failed is not filled: either way a permit that is issued is revoked.
/// </summary>
public sealed class RecordInspectionCommand(RecordInspectionRequest request)
    : CylinderCommand<RecordInspectionResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.All(
        Must.BeThere("inspection", request.Inspection),
        request.Inspection is null ? null : CylinderRegistrationShape.Validate("inspection", request.Inspection),
        Must.BeId("inspection.inspection_body_id", request.Inspection?.InspectionBodyId ?? string.Empty),
        Must.BeDayOrEmpty("inspection_due_on", request.InspectionDueOn),
        Must.BeDayOrEmpty("service_life_ends_on", request.ServiceLifeEndsOn),
        Must.BeWithin("tare_g", request.TareG, 0, RegisteredFacts.TareMaxG));

    /// <inheritdoc />
    protected override void NameMore(Cylinder cylinder, CardSet cards)
    {
        cards.Get<LimitsCard>(CardKey.Limits);
        cards.Get<InspectionBody>(CardKey.InspectionBody(request.Inspection.InspectionBodyId));
    }

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        var cylinder = change.Cylinder;
        var inspected = request.Inspection.InspectedOn.ToDay();
        if (change.Cards.Get<InspectionBody>(CardKey.InspectionBody(request.Inspection.InspectionBodyId)) is null)
        {
            return Rejection.NotFound("inspection.inspection_body_id", request.Inspection.InspectionBodyId, new("检验机构", "inspection body"));
        }

        if (inspected > change.Now.Today || inspected < cylinder.ManufacturedOn.ToDay())
        {
            return Rejection.Invalid("inspection.inspected_on", inspected.ToText(), new("须在制造日期与今天之间", "must lie between manufacture and today"));
        }

        if (inspected < cylinder.LastInspection?.InspectedOn.ToDay())
        {
            return Rejection.Forbidden("inspection.inspected_on", inspected.ToText(), new("已有更晚的检验记录", "a later inspection is on record"), "LATER_INSPECTION");
        }

        var limits = new LimitTable(change.Cards.Get<LimitsCard>(CardKey.Limits), change.Now.Today);
        var counted = InspectionCalendar.Due(cylinder, limits);
        cylinder.LastInspection = request.Inspection;
        if (DueAfter(cylinder, limits, counted, inspected) is { } due)
        {
            cylinder.InspectionDueOn = due.ToMessage();
            cylinder.InspectionDuePrecision = DatePrecision.Unspecified;
        }

        if (request.ServiceLifeEndsOn is not null)
        {
            cylinder.ServiceLifeEndsOn = request.ServiceLifeEndsOn;
            cylinder.ServiceLifePrecision = DatePrecision.Unspecified;
        }

        cylinder.TareG = request.TareG > 0 ? request.TareG : cylinder.TareG;
        cylinder.PurgeRequired = cylinder.PurgeRequired || (request.Inspection.Result == InspectionResult.Passed && !IsPurgedAfter(cylinder, inspected));
        change.Event.InspectionRecorded = new InspectionRecorded
        {
            Inspection = request.Inspection,
            InspectionDueOn = cylinder.InspectionDueOn,
            ServiceLifeEndsOn = cylinder.ServiceLifeEndsOn,
            TareG = request.TareG,
        };
        RevokePermit(change, "检验登记 inspected after the scan");
        return null;
    }

    // The due date to put on record; null where the one that is there goes on counting.
    private DateOnly? DueAfter(Cylinder cylinder, LimitTable limits, DateOnly counted, DateOnly inspected)
    {
        var stated = request.InspectionDueOn.ToDayOrNull();
        if (request.Inspection.Result == InspectionResult.Passed)
        {
            return stated ?? inspected.AddMonths(InspectionCalendar.IntervalMonths(cylinder, limits, inspected));
        }

        // One that failed gains no time: a cylinder that was overdue before still is, whether by its recorded date or by the interval.
        return stated < counted ? stated
            : stated is not null || InspectionCalendar.Due(cylinder, limits) > counted ? counted
            : null;
    }

    // One of the same day may have come before it.
    private static bool IsPurgedAfter(Cylinder cylinder, DateOnly inspected) =>
        cylinder.PurgedAt is { } purged && Moment.DayOf(purged.ToDateTimeOffset()) > inspected;

    /// <inheritdoc />
    public override RecordInspectionResponse Reply(Event answer, long position) => new() { Position = position };
}
