using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling.Rules;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>Records what was filled. A fact is never refused; what broke a rule is recorded with its violations.</summary>
public sealed class CompleteFillCommand(CompleteFillRequest request, IReadOnlyList<CodeFormat> formats)
    : Command<CompleteFillResponse>(request, request.RequestId, request.Report?.OperatorId ?? string.Empty)
{
    private readonly FillReport report = request.Report ?? new FillReport();
    private readonly CodeReading reading = CodeReading.Read(request.Report?.Scanned ?? string.Empty, formats);

    // Each once: cards are named in every round of loading.
    private readonly CardKey? permitCylinderKey = PermitId.TryParse(request.Report?.PermitId ?? string.Empty, out var cylinder, out _) ? CardKey.Cylinder(cylinder) : null;
    private readonly CardKey terminalKey = CardKey.Terminal(request.Report?.TerminalId ?? string.Empty);
    private readonly CardKey gunKey = CardKey.Gun(request.Report?.TerminalId ?? string.Empty, request.Report?.GunId ?? string.Empty);

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeThere("report", request.Report),
        request.Report is null ? null : FillReportShape.Validate(report));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<LimitsCard>(CardKey.Limits);
        cards.Get<GunCard>(gunKey);
        var permitCard = PermitCard(cards);
        FilledCard(cards, permitCard);
        StationOf(cards);
        if (permitCard?.OpenPermit is { } open && open.Terms.PermitId == report.PermitId)
        {
            PermitLifecycle.RegionOf(open, cards);
            cards.Get<GunCard>(CardKey.Gun(open.Terms.TerminalId, open.Terms.GunId));
        }
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        var permitCard = PermitCard(cards);
        var filledCard = FilledCard(cards, permitCard);
        var open = permitCard?.OpenPermit is { } candidate && candidate.Terms.PermitId == report.PermitId ? candidate : null;
        var closed = ClosedPermits.Find(permitCard, report.PermitId);
        var digest = Origin.DigestOf(report);
        if (closed is { State: PermitState.Completed } && closed.ReportDigest == digest && closed.RequestId != request.RequestId)
        {
            return Decision.SameAs(closed.RequestId);
        }

        var fill = new FillCase
        {
            Report = report,
            Now = now,
            Limits = new LimitTable(cards.Get<LimitsCard>(CardKey.Limits), now.Today),
            Standing = StandingOf(permitCard, open, closed, now),
            Terms = open?.Terms ?? closed?.Terms,
            PermitCylinder = permitCard?.Cylinder,
            Cylinder = filledCard?.Cylinder,
            Station = StationOf(cards),
            Gun = cards.Get<GunCard>(gunKey),
        };
        var violations = FillRules.Judge(fill);
        var operatorId = report.OperatorId.Length > 0 ? report.OperatorId : open?.OperatorId ?? closed?.OperatorId ?? string.Empty;

        List<Event> events = [];
        List<CardChange> changes = [];
        CloseAndHold(fill, cards, permitCard, filledCard, open, violations, operatorId, digest, events, changes);
        events.Add(Record(fill, open, violations, operatorId));
        return Decision.Happened(events, changes);
    }

    /// <inheritdoc />
    public override CompleteFillResponse Reply(Event answer, long position)
    {
        var response = new CompleteFillResponse { Position = position, NetMassG = answer.FillCompleted.NetMassG };
        response.Violations.Add(answer.FillCompleted.Violations);
        return response;
    }

    private CylinderCard? PermitCard(CardSet cards) => permitCylinderKey is { } key ? cards.Get<CylinderCard>(key) : null;

    private CylinderCard? FilledCard(CardSet cards, CylinderCard? permitCard)
    {
        if (report.Scanned.Length == 0)
        {
            return permitCard;
        }

        var alias = reading.Outcome == ReadingOutcome.Readable ? cards.Get<AliasCard>(CardKey.Alias(reading.Kind, reading.Value)) : null;
        return alias is null ? null
            : CardKey.Cylinder(alias.CylinderId) is var key && key == permitCylinderKey ? permitCard
            : cards.Get<CylinderCard>(key);
    }

    private Station? StationOf(CardSet cards) =>
        cards.Get<Terminal>(terminalKey) is { } terminal ? cards.Get<Station>(CardKey.Station(terminal.StationId)) : null;

    private PermitStanding StandingOf(CylinderCard? permitCard, OpenPermit? open, ClosedPermit? closed, Moment now)
    {
        if (open is not null)
        {
            return open.DeadlineUnixS > now.UnixSeconds ? PermitStanding.Open : PermitStanding.Expired;
        }

        if (closed is not null)
        {
            return closed.State == PermitState.Expired ? PermitStanding.Expired : PermitStanding.Consumed;
        }

        // Issued once, and so long ago that the card no longer knows how it ended.
        return permitCard is not null && PermitId.TryParse(report.PermitId, out _, out var number) && number <= permitCard.PermitCount
            ? PermitStanding.Consumed
            : PermitStanding.None;
    }

    private void CloseAndHold(
        FillCase fill, CardSet cards, CylinderCard? permitCard, CylinderCard? filledCard, OpenPermit? open, IReadOnlyList<Finding> violations,
        string operatorId, Google.Protobuf.ByteString digest, List<Event> events, List<CardChange> changes)
    {
        var filled = Copy(filledCard);
        var permit = ReferenceEquals(permitCard, filledCard) ? filled : Copy(permitCard);
        if (fill.Standing == PermitStanding.Open)
        {
            PermitLifecycle.Close(permit!, PermitState.Completed, fill.Now, request.RequestId, digest);
        }
        else if (open is not null)
        {
            events.Add(PermitLifecycle.Expire(permit!, PermitLifecycle.RegionOf(open, cards), fill.Now));
        }

        if (filled is not null)
        {
            filled.Cylinder.FillCount++;
            filled.Cylinder.LastFilledAt = report.EndedAt ?? fill.Now.ToTimestamp();
            filled.Cylinder.LastFilledStationId = fill.Station?.StationId ?? string.Empty;
            filled.Cylinder.Whereabouts = Whereabouts.Full;
            Hold(filled.Cylinder, violations, ViolationCode.Overfilled, HoldKind.Overfilled, operatorId, fill.Now);
            Hold(filled.Cylinder, violations, ViolationCode.PostfillCheckFailed, HoldKind.PostfillFailed, operatorId, fill.Now);
            changes.Add(new CardChange(CardKey.Cylinder(filled.Cylinder.CylinderId), filled));
        }

        if (permit is not null && !ReferenceEquals(permit, filled) && open is not null)
        {
            changes.Add(new CardChange(CardKey.Cylinder(permit.Cylinder.CylinderId), permit));
        }

        Guns(fill, cards, open, changes);
    }

    // A permit is closed, not changed; of the register's part the fill changes some.
    private static CylinderCard? Copy(CylinderCard? card)
    {
        if (card is null)
        {
            return null;
        }

        var copy = PermitLifecycle.CopyPermits(card);
        copy.Cylinder = card.Cylinder.Clone();
        return copy;
    }

    // The gun that reports counts on; the gun that the permit was begun on is free again.
    private void Guns(FillCase fill, CardSet cards, OpenPermit? open, List<CardChange> changes)
    {
        var busy = fill.Gun?.BegunPermitId ?? string.Empty;
        var sequence = report.GunSequence > 0 ? Math.Max(report.GunSequence, fill.Gun?.LastSequence ?? 0) : fill.Gun?.LastSequence ?? 0;
        var frees = busy.Length > 0 && busy == report.PermitId;
        if (frees || sequence != (fill.Gun?.LastSequence ?? 0))
        {
            changes.Add(new CardChange(gunKey, new GunCard
            {
                BegunPermitId = frees ? string.Empty : busy,
                ReportByUnixS = frees ? 0 : fill.Gun?.ReportByUnixS ?? 0,
                LastSequence = sequence,
            }));
        }

        if (open is not null && CardKey.Gun(open.Terms.TerminalId, open.Terms.GunId) != gunKey)
        {
            GunRelease.Add(changes, cards, open.Terms);
        }
    }

    private static void Hold(Cylinder cylinder, IReadOnlyList<Finding> violations, ViolationCode code, HoldKind kind, string actorId, Moment now)
    {
        if (violations.Any(finding => finding.Violation == code) && !cylinder.Holds.Any(hold => hold.Kind == kind))
        {
            cylinder.Holds.Add(new Hold { Kind = kind, Reason = FindingCodes.NameOf(code), ActorId = actorId, Since = now.ToTimestamp() });
        }
    }

    private Event Record(FillCase fill, OpenPermit? open, IReadOnlyList<Finding> violations, string operatorId)
    {
        var recorded = (Origin with { ActorId = operatorId }).Event(
            fill.Now, fill.Cylinder?.CylinderId ?? string.Empty, fill.Station, fill.Terms?.Gas ?? fill.Cylinder?.Gas ?? string.Empty);
        recorded.FillCompleted = new FillCompleted
        {
            Report = report,
            Code = fill.Cylinder?.Code ?? string.Empty,
            TareG = fill.Cylinder?.TareG ?? 0,
            NetMassG = fill.NetMassG,
            MaxNetMassG = fill.Cylinder?.MaxNetMassG ?? 0,
            ConsumesPermit = fill.Standing == PermitStanding.Open,
            FillCount = (fill.Cylinder?.FillCount ?? 0) + (fill.Cylinder is null ? 0 : 1),
            PreviousFilledAt = fill.Cylinder?.LastFilledAt,
            OperatorId = operatorId,
            GasBatchId = report.GasBatchId.Length > 0 ? report.GasBatchId : fill.Terms?.GasBatchId ?? string.Empty,
            PermitTerminalId = open?.Terms.TerminalId ?? string.Empty,
            PermitGunId = open?.Terms.GunId ?? string.Empty,
            PermitDeadline = open is null ? null : PermitLifecycle.DeadlineOf(open),
            RulesVersion = open?.Terms.RulesVersion ?? fill.Terms?.RulesVersion ?? fill.Limits.RulesVersion,
        };
        recorded.FillCompleted.Violations.Add(violations);
        return recorded;
    }
}
