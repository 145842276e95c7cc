using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>Holds a cylinder and revokes a permit that is issued for it.</summary>
public sealed class HoldCylinderCommand(HoldCylinderRequest request)
    : CylinderCommand<HoldCylinderResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override bool AllowsScrapped => true;

    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.All(
        Must.BeOneOf("kind", request.Kind, HoldKind.CloneSuspect, HoldKind.Seized, HoldKind.OutOfUse),
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    protected override void NameMore(Cylinder cylinder, CardSet cards) => cards.Get<LimitsCard>(CardKey.Limits);

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        if (CylinderHolds.Put(change, request.Kind, request.Reason, request.ActorId) is { } rejection)
        {
            return rejection;
        }

        if (request.Kind == HoldKind.OutOfUse)
        {
            // A period that still wants an inspection goes on: to take it out of use once more must not make it a fresh one.
            var limits = new LimitTable(change.Cards.Get<LimitsCard>(CardKey.Limits), change.Now.Today);
            var from = LongStorage.WantsInspection(change.Cylinder, limits, change.Now.Today) ? change.Cylinder.OutOfUse.From : change.Now.Today.ToMessage();
            change.Cylinder.OutOfUse = new OutOfUse { From = from };
        }

        RevokePermit(change, request.Reason);
        return null;
    }

    /// <inheritdoc />
    public override HoldCylinderResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Releases a hold.</summary>
public sealed class ReleaseCylinderCommand(ReleaseCylinderRequest request)
    : CylinderCommand<ReleaseCylinderResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override bool AllowsScrapped => true;

    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.All(
        Must.BeNamed("kind", request.Kind),
        request.Kind == HoldKind.Blacklisted ? Rejection.Invalid("kind", ContractNames<HoldKind>.Of(request.Kind), new("由 Delist 解除", "is lifted by Delist")) : null,
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        if (request.Kind == HoldKind.OutOfUse && change.Cylinder.OutOfUse is { } period)
        {
            period.Until = change.Now.Today.ToMessage();
        }

        return CylinderHolds.Release(change, request.Kind, request.Reason);
    }

    /// <inheritdoc />
    public override ReleaseCylinderResponse Reply(Event answer, long position) => new() { Position = position };
}
