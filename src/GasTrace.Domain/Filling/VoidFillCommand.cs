using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>Voids a fill: the same station, within the window, before dispatch. Nothing is deleted; the voiding is an entry of its own.</summary>
public sealed class VoidFillCommand(VoidFillRequest request)
    : Command<VoidFillResponse>(request, request.RequestId, request.OperatorId)
{
    private readonly string cylinderId = PermitId.TryParse(request.PermitId, out var cylinder, out _) ? cylinder : string.Empty;

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("permit_id", request.PermitId),
        Must.BeId("terminal_id", request.TerminalId),
        Must.BeId("operator_id", request.OperatorId),
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<LimitsCard>(CardKey.Limits);
        if (cylinderId.Length > 0)
        {
            cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId));
        }

        if (cards.Get<Terminal>(CardKey.Terminal(request.TerminalId)) is { } terminal)
        {
            cards.Get<Station>(CardKey.Station(terminal.StationId));
        }
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        var card = cylinderId.Length > 0 ? cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId)) : null;
        var fill = ClosedPermits.Find(card, request.PermitId);
        if (card is null || fill is not { State: PermitState.Completed })
        {
            return Decision.Rejected(Rejection.NotFound("permit_id", request.PermitId, new("近期充装", "recent fill")));
        }

        var terminal = cards.Get<Terminal>(CardKey.Terminal(request.TerminalId));
        var window = new LimitTable(cards.Get<LimitsCard>(CardKey.Limits), now.Today)[LimitNames.VoidWindow];
        var obstacle =
            terminal?.StationId != fill.Terms.StationId ? Rejection.Forbidden("terminal_id", request.TerminalId, new($"该充装属于充装站 {fill.Terms.StationId}", $"the fill is station {fill.Terms.StationId}'s"), "WRONG_STATION")
            : fill.Voided ? Rejection.Forbidden("permit_id", request.PermitId, new("该充装已作废", "the fill is voided already"), "FILL_VOIDED")
            : now.UnixSeconds > fill.ClosedAtUnixS + window ? Rejection.Forbidden("permit_id", request.PermitId, new($"充装只能在 {window} 秒内作废", $"a fill can be voided within {window} s"), "TOO_LATE")
            : card.Cylinder.Whereabouts != Whereabouts.Full ? Rejection.Forbidden("permit_id", request.PermitId, new("气瓶已离站", "the cylinder has left the station"), "DISPATCHED")
            : null;
        if (obstacle is not null)
        {
            return Decision.Rejected(obstacle);
        }

        var next = card.Clone();
        ClosedPermits.Replace(next, new ClosedPermit(fill) { Voided = true });
        next.Cylinder.Whereabouts = Whereabouts.Unspecified;
        var voided = Origin.Event(now, cylinderId, cards.Get<Station>(CardKey.Station(terminal!.StationId)), fill.Terms.Gas);
        voided.FillVoided = new FillVoided { PermitId = request.PermitId, Reason = request.Reason };
        return Decision.Happened([voided], [new CardChange(CardKey.Cylinder(cylinderId), next)]);
    }

    /// <inheritdoc />
    public override VoidFillResponse Reply(Event answer, long position) => new() { Position = position };
}
