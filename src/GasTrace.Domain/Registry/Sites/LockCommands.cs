using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Locks a station, a terminal or a gun at a distance (DB4114/T 185-2023, 4.10).</summary>
public sealed class LockScaleCommand(LockScaleRequest request)
    : Command<LockScaleResponse>(request, request.RequestId, request.ActorId)
{
    private readonly ScaleLock.Target target = new(request.StationId, request.TerminalId, request.GunId);

    /// <inheritdoc />
    public override Rejection? Validate() => ScaleLock.Validate(request.RequestId, request.ActorId, target, request.Reason);

    /// <inheritdoc />
    public override void Name(CardSet cards) => ScaleLock.Name(cards, target);

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now) => ScaleLock.Change(Origin, cards, now, target, locked: true, request.Reason);

    /// <inheritdoc />
    public override LockScaleResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Unlocks what LockScale locked.</summary>
public sealed class UnlockScaleCommand(UnlockScaleRequest request)
    : Command<UnlockScaleResponse>(request, request.RequestId, request.ActorId)
{
    private readonly ScaleLock.Target target = new(request.StationId, request.TerminalId, request.GunId);

    /// <inheritdoc />
    public override Rejection? Validate() => ScaleLock.Validate(request.RequestId, request.ActorId, target, request.Reason);

    /// <inheritdoc />
    public override void Name(CardSet cards) => ScaleLock.Name(cards, target);

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now) => ScaleLock.Change(Origin, cards, now, target, locked: false, request.Reason);

    /// <inheritdoc />
    public override UnlockScaleResponse Reply(Event answer, long position) => new() { Position = position };
}
