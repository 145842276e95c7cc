using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>Records that a cylinder was purged or evacuated.</summary>
public sealed class RecordPurgeCommand(RecordPurgeRequest request)
    : CylinderCommand<RecordPurgeResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.BeId("station_id", request.StationId);

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        change.Cylinder.PurgeRequired = false;
        change.Cylinder.PurgedAt = change.Now.ToTimestamp();
        change.Event.StationId = request.StationId;
        change.Event.PurgeRecorded = new PurgeRecorded();
        return null;
    }

    /// <inheritdoc />
    public override RecordPurgeResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Records where a cylinder is.</summary>
public sealed class RecordWhereaboutsCommand(RecordWhereaboutsRequest request)
    : CylinderCommand<RecordWhereaboutsResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override bool AllowsScrapped => true;

    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.BeNamedOrUnspecified("whereabouts", request.Whereabouts);

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        change.Cylinder.Whereabouts = request.Whereabouts;
        change.Event.WhereaboutsRecorded = new WhereaboutsRecorded { Whereabouts = request.Whereabouts };
        return null;
    }

    /// <inheritdoc />
    public override RecordWhereaboutsResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Scraps a cylinder. Its code stays bound to it, so that it is never reused and a scan of it answers 201.</summary>
public sealed class ScrapCylinderCommand(ScrapCylinderRequest request)
    : CylinderCommand<ScrapCylinderResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.All(Must.BeReason("reason", request.Reason), Must.BeText("proof_uri", request.ProofUri, 0, Must.PayloadLengthMax));

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        change.Cylinder.Scrapped = true;
        change.Event.CylinderScrapped = new CylinderScrapped { Reason = request.Reason, ProofUri = request.ProofUri };
        RevokePermit(change, request.Reason);
        return null;
    }

    /// <inheritdoc />
    public override ScrapCylinderResponse Reply(Event answer, long position) => new() { Position = position };
}
