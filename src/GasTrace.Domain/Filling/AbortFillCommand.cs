using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>Gives a permit up, before or after gas began to flow.</summary>
public sealed class AbortFillCommand(AbortFillRequest request)
    : Command<AbortFillResponse>(request, request.RequestId, string.Empty)
{
    private readonly string cylinderId = PermitId.TryParse(request.PermitId, out var cylinder, out _) ? cylinder : string.Empty;

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("permit_id", request.PermitId),
        Must.BeId("terminal_id", request.TerminalId),
        Must.BeText("reason", request.Reason, 0, Must.TextLengthMax));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        var terminal = cards.Get<Terminal>(CardKey.Terminal(request.TerminalId));
        if (terminal is not null)
        {
            cards.Get<Station>(CardKey.Station(terminal.StationId));
        }

        if (cylinderId.Length > 0 && cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId))?.OpenPermit is { } open)
        {
            cards.Get<GunCard>(CardKey.Gun(open.Terms.TerminalId, open.Terms.GunId));
        }
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        var card = cylinderId.Length > 0 ? cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId)) : null;
        if (card is null)
        {
            return Decision.Rejected(Rejection.NotFound("permit_id", request.PermitId, new("许可", "permit")));
        }

        if (card.OpenPermit is not { } open || open.Terms.PermitId != request.PermitId || open.DeadlineUnixS <= now.UnixSeconds)
        {
            return Decision.Rejected(Rejection.Forbidden("permit_id", request.PermitId, new("许可已关闭", "the permit is no longer open"), "PERMIT_CLOSED"));
        }

        var terminal = cards.Get<Terminal>(CardKey.Terminal(request.TerminalId));
        if (terminal?.StationId != open.Terms.StationId)
        {
            return Decision.Rejected(Rejection.Forbidden("terminal_id", request.TerminalId, new($"该许可属于充装站 {open.Terms.StationId}", $"the permit is station {open.Terms.StationId}'s"), "WRONG_STATION"));
        }

        var next = PermitLifecycle.CopyPermits(card);
        PermitLifecycle.Close(next, PermitState.Aborted, now, request.RequestId);
        var station = cards.Get<Station>(CardKey.Station(terminal.StationId));
        var aborted = (Origin with { ActorId = open.OperatorId }).Event(now, cylinderId, station, open.Terms.Gas);
        aborted.FillAborted = new FillAborted
        {
            PermitId = request.PermitId,
            Reason = request.Reason,
            Cause = AbortCause.GivenUp,
            TerminalId = open.Terms.TerminalId,
            GunId = open.Terms.GunId,
            PermitDeadline = PermitLifecycle.DeadlineOf(open),
        };
        List<CardChange> changes = [new(CardKey.Cylinder(cylinderId), next)];
        GunRelease.Add(changes, cards, open.Terms);
        return Decision.Happened([aborted], changes);
    }

    /// <inheritdoc />
    public override AbortFillResponse Reply(Event answer, long position) => new() { Position = position };
}
