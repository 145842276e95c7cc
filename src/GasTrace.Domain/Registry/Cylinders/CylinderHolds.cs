using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>Holds are put and released one kind at a time.</summary>
internal static class CylinderHolds
{
    /// <summary>Puts a hold and says so in the change's event.</summary>
    public static Rejection? Put(CylinderChange change, HoldKind kind, string reason, string actorId)
    {
        if (change.Cylinder.Holds.Any(hold => hold.Kind == kind))
        {
            return Rejection.Forbidden("cylinder_id", change.Cylinder.CylinderId, new($"已冻结：{kind}", $"is held already: {kind}"), "ALREADY_HELD");
        }

        var hold = new Hold { Kind = kind, Reason = reason, ActorId = actorId, Since = change.Now.ToTimestamp() };
        change.Cylinder.Holds.Add(hold);
        change.Event.CylinderHeld = new CylinderHeld { Hold = hold };
        return null;
    }

    /// <summary>Releases a hold and says so in the change's event.</summary>
    public static Rejection? Release(CylinderChange change, HoldKind kind, string reason)
    {
        if (change.Cylinder.Holds.FirstOrDefault(hold => hold.Kind == kind) is not { } hold)
        {
            return Rejection.Forbidden("cylinder_id", change.Cylinder.CylinderId, new($"未冻结：{kind}", $"is not held: {kind}"), "NOT_HELD");
        }

        change.Cylinder.Holds.Remove(hold);
        change.Event.CylinderReleased = new CylinderReleased { Kind = kind, Reason = reason };
        return null;
    }
}
