using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf.WellKnownTypes;

namespace GasTrace.Domain.Filling;

/// <summary>
/// Says that gas begins to flow. What has changed since the scan still stops it: a suspension, a lock, a recall, a gas batch that
/// was condemned, an operator who was blacklisted. A hold has revoked the permit.
/// </summary>
public sealed class BeginFillCommand(BeginFillRequest request)
    : Command<BeginFillResponse>(request, request.RequestId, string.Empty)
{
    // Each once: cards are named in every round of loading.
    private readonly CardKey? cylinderKey = PermitId.TryParse(request.PermitId, out var cylinder, out _) ? CardKey.Cylinder(cylinder) : null;
    private readonly CardKey terminalKey = CardKey.Terminal(request.TerminalId);
    private readonly CardKey gunKey = CardKey.Gun(request.TerminalId, request.GunId);

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("permit_id", request.PermitId),
        Must.BeId("terminal_id", request.TerminalId),
        Must.BeId("gun_id", request.GunId),
        Must.BeTimeOrEmpty("started_at", request.StartedAt));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<LimitsCard>(CardKey.Limits);
        var terminal = cards.Get<Terminal>(terminalKey);
        cards.Get<GunCard>(gunKey);
        if (cylinderKey is { } key && cards.Get<CylinderCard>(key) is { } card && OpenOf(card) is { } open)
        {
            RecallOf(card, cards);
            BatchOf(open, cards);
            OperatorOf(open, cards);
        }

        if (terminal is not null)
        {
            cards.Get<Station>(CardKey.Station(terminal.StationId));
        }
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        if (cylinderKey is not { } key || cards.Get<CylinderCard>(key) is not { } card)
        {
            return Decision.Rejected(Rejection.NotFound("permit_id", request.PermitId, new("许可", "permit")));
        }

        var terminal = cards.Get<Terminal>(terminalKey);
        var station = terminal is null ? null : cards.Get<Station>(CardKey.Station(terminal.StationId));
        var gun = cards.Get<GunCard>(gunKey);
        if (Obstacle(card, terminal, station, gun, cards, now) is { } obstacle)
        {
            return Decision.Rejected(obstacle);
        }

        var open = card.OpenPermit;
        var reportBy = now.UnixSeconds + new LimitTable(cards.Get<LimitsCard>(CardKey.Limits), now.Today)[LimitNames.FillDuration];
        var next = PermitLifecycle.CopyPermits(card);
        next.OpenPermit = new OpenPermit { Terms = open.Terms, State = PermitState.Begun, OperatorId = open.OperatorId, DeadlineUnixS = reportBy };
        var begun = (Origin with { ActorId = open.OperatorId }).Event(now, card.Cylinder.CylinderId, station, open.Terms.Gas);
        begun.FillBegun = new FillBegun
        {
            PermitId = request.PermitId,
            TerminalId = request.TerminalId,
            GunId = request.GunId,
            StartedAt = request.StartedAt ?? now.ToTimestamp(),
            ReportBy = PermitLifecycle.DeadlineOf(next.OpenPermit),
            PreviousDeadline = PermitLifecycle.DeadlineOf(open),
        };
        return Decision.Happened(
            [begun],
            [
                new CardChange(key, next),
                new CardChange(gunKey, new GunCard { BegunPermitId = request.PermitId, ReportByUnixS = reportBy, LastSequence = gun?.LastSequence ?? 0 }),
            ]);
    }

    /// <inheritdoc />
    public override BeginFillResponse Reply(Event answer, long position) => new() { Position = position, ReportBy = answer.FillBegun.ReportBy };

    private OpenPermit? OpenOf(CylinderCard card) => card.OpenPermit is { } open && open.Terms.PermitId == request.PermitId ? open : null;

    private static Recall? RecallOf(CylinderCard card, CardSet cards) => Recalls.Find(card.Cylinder, RecallKeys.Of(card.Cylinder), cards);

    private static GasBatch? BatchOf(OpenPermit open, CardSet cards) => cards.Get<GasBatch>(CardKey.GasBatch(open.Terms.StationId, open.Terms.GasBatchId));

    private static Operator? OperatorOf(OpenPermit open, CardSet cards) => cards.Get<Operator>(CardKey.Operator(open.OperatorId));

    private Rejection? Obstacle(CylinderCard card, Terminal? terminal, Station? station, GunCard? gun, CardSet cards, Moment now)
    {
        if (OpenOf(card) is not { } open)
        {
            var closed = ClosedPermits.Find(card, request.PermitId);
            return Forbid(new("许可已关闭", "the permit is no longer open"), closed is null ? "PERMIT_CLOSED" : $"PERMIT_{closed.State.ToString().ToUpperInvariant()}");
        }

        return open switch
        {
            { Terms: var terms } when terms.TerminalId != request.TerminalId || terms.GunId != request.GunId =>
                Forbid(new($"该许可限终端 {terms.TerminalId} 的枪 {terms.GunId}", $"the permit is for gun {terms.GunId} of terminal {terms.TerminalId}"), "WRONG_GUN"),
            { State: PermitState.Begun } => Forbid(new("充装已开始", "the fill has begun already"), "PERMIT_BEGUN"),
            _ when open.DeadlineUnixS <= now.UnixSeconds => Forbid(new("许可已过期", "the permit has expired"), "PERMIT_EXPIRED"),
            _ when gun is { BegunPermitId.Length: > 0 } && gun.ReportByUnixS > now.UnixSeconds =>
                Forbid(new($"该枪正在执行许可 {gun.BegunPermitId}", $"the gun has permit {gun.BegunPermitId} begun"), "SCALE_BUSY"),
            _ when station is { Status: not StationStatus.Active } => Forbid(new("该站不得充装", "the station may not fill"), "STATION_SUSPENDED"),
            _ when station is { Locked: true } || terminal is { Locked: true } || terminal?.Guns.Any(own => own.GunId == request.GunId && own.Locked) == true =>
                Forbid(new("已被监管锁定", "locked by the regulator"), "SCALE_LOCKED"),
            _ when RecallOf(card, cards) is { } recall => Forbid(new($"气瓶已被召回：{recall.Reason}", $"the cylinder is recalled: {recall.Reason}"), "MODEL_OR_BATCH_RECALLED"),
            _ when BatchOf(open, cards) is not { Status: GasBatchStatus.Released } => Forbid(new($"气源批次 {open.Terms.GasBatchId} 不得使用", $"gas batch {open.Terms.GasBatchId} may not be used"), "GAS_BATCH_ON_HOLD"),
            _ when OperatorOf(open, cards) is { Blacklisted: true } => Forbid(new($"充装人员 {open.OperatorId} 已列入黑名单", $"operator {open.OperatorId} is blacklisted"), "OPERATOR_BLACKLISTED"),
            _ => null,
        };
    }

    private Rejection Forbid(Bilingual rule, string reason) => Rejection.Forbidden("permit_id", request.PermitId, rule, reason);
}
