using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Locks a station, a terminal or a gun at a distance (DB4114/T 185-2023, 4.10).</summary>
public sealed class LockScaleCommand(LockScaleRequest request)
    : Command<LockScaleResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeId("station_id", request.StationId),
        Must.BeIdOrEmpty("terminal_id", request.TerminalId),
        Must.BeIdOrEmpty("gun_id", request.GunId),
        request.GunId.Length > 0 && request.TerminalId.Length == 0
            ? Rejection.Invalid("terminal_id", string.Empty, "must be given with gun_id")
            : null,
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        ScaleLock.Name(cards, request.StationId, request.TerminalId);
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        return ScaleLock.Change(Origin, cards, now, new ScaleLock.Target(request.StationId, request.TerminalId, request.GunId), true, request.Reason);
    }

    /// <inheritdoc />
    public override LockScaleResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Unlocks what LockScale locked.</summary>
public sealed class UnlockScaleCommand(UnlockScaleRequest request)
    : Command<UnlockScaleResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeId("station_id", request.StationId),
        Must.BeIdOrEmpty("terminal_id", request.TerminalId),
        Must.BeIdOrEmpty("gun_id", request.GunId),
        request.GunId.Length > 0 && request.TerminalId.Length == 0
            ? Rejection.Invalid("terminal_id", string.Empty, "must be given with gun_id")
            : null,
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        ScaleLock.Name(cards, request.StationId, request.TerminalId);
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        return ScaleLock.Change(Origin, cards, now, new ScaleLock.Target(request.StationId, request.TerminalId, request.GunId), false, request.Reason);
    }

    /// <inheritdoc />
    public override UnlockScaleResponse Reply(Event answer, long position) => new() { Position = position };
}
