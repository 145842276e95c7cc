using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>
/// Registers a cylinder for use by a unit, or transfers the registration: it decides whose cylinder it is (TSG 07-2019). A permit
/// that was issued while it was another unit's is revoked.
/// </summary>
public sealed class TransferUseRegistrationCommand(TransferUseRegistrationRequest request)
    : CylinderCommand<TransferUseRegistrationResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.All(Must.BeId("unit_id", request.UnitId), Must.BeId("certificate_number", request.CertificateNumber));

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        change.Event.UseRegistrationChanged = new UseRegistrationChanged { PreviousUnitId = change.Cylinder.UseRegistration?.UnitId ?? string.Empty };
        change.Cylinder.UseRegistration = new UseRegistration { UnitId = request.UnitId, CertificateNumber = request.CertificateNumber };
        change.Event.UseRegistrationChanged.UseRegistration = change.Cylinder.UseRegistration;
        if (change.Event.UseRegistrationChanged.PreviousUnitId != request.UnitId)
        {
            RevokePermit(change, "使用登记转移 use registration transferred");
        }

        return null;
    }

    /// <inheritdoc />
    public override TransferUseRegistrationResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Cancels the use registration and revokes a permit that is issued.</summary>
public sealed class CancelUseRegistrationCommand(CancelUseRegistrationRequest request)
    : CylinderCommand<CancelUseRegistrationResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.BeReason("reason", request.Reason);

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        if (change.Cylinder.UseRegistration is not { Cancelled: false, UnitId.Length: > 0 } registration)
        {
            return Rejection.Forbidden("cylinder_id", request.CylinderId, new("没有使用登记", "has no use registration"), "NO_USE_REGISTRATION");
        }

        registration.Cancelled = true;
        change.Event.UseRegistrationChanged = new UseRegistrationChanged
        {
            UseRegistration = registration,
            PreviousUnitId = registration.UnitId,
            Reason = request.Reason,
        };
        RevokePermit(change, request.Reason);
        return null;
    }

    /// <inheritdoc />
    public override CancelUseRegistrationResponse Reply(Event answer, long position) => new() { Position = position };
}
