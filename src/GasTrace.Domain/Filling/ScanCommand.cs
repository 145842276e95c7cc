using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling.Rules;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>Asks whether a cylinder may be filled here, now. A permit, or every reason why not.</summary>
public sealed class ScanCommand(ScanRequest request, IReadOnlyList<CodeFormat> formats)
    : Command<ScanResponse>(request, request.RequestId, request.OperatorId)
{
    private const int ChecksMax = 32;
    private const int OverridesMax = 4;

    private readonly CodeReading reading = CodeReading.Read(request.Scanned, formats);
    private CardSet? lookedAt;
    private ScanKeys? keys;
    private ScanCase? named;

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeAtMost("scanned", request.Scanned, Must.PayloadLengthMax),
        Must.BeIdOrEmpty("terminal_id", request.TerminalId),
        Must.BeIdOrEmpty("gun_id", request.GunId),
        Must.BeIdOrEmpty("operator_id", request.OperatorId),
        Must.BeIdOrEmpty("gas_batch_id", request.GasBatchId),
        Must.BeIdOrEmpty("checker_id", request.CheckerId),
        Must.BeIdOrEmpty("stamped_number", request.StampedNumber),
        Must.BeFew("checks", request.Checks.Count, ChecksMax),
        Must.Each(request.Checks, check => Must.All(
            Must.BeNamed("checks.item", check.Item), Must.BeNamed("checks.outcome", check.Outcome), Must.BeText("checks.note", check.Note, 0, Must.TextLengthMax))),
        Must.BeWithin("weighed_tare_g", request.WeighedTareG, 0, 2_000_000),
        Must.BeWithin("residual_pressure_kpa", request.ResidualPressureKpa, 0, 100_000),
        Must.BeTimeOrEmpty("terminal_time", request.TerminalTime),
        Must.BeFew("overrides", request.Overrides.Count, OverridesMax),
        Must.Each(request.Overrides, entry => Must.All(
            Must.BeNamed("overrides.refusal", entry.Refusal), Must.BeId("overrides.supervisor_id", entry.SupervisorId), Must.BeReason("overrides.reason", entry.Reason))));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        named = ScanCase.Of(request, reading, KeysFor(cards), cards, default);
        // A permit that lapsed may be another station's: its expiry belongs to that station's record.
        PermitLifecycle.RegionOf(named.CylinderCard?.OpenPermit, cards);
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        // What was named last is what there is to decide on, unless these are other cards.
        var scan = named is not null && lookedAt == cards ? named with { Now = now } : ScanCase.Of(request, reading, KeysFor(cards), cards, now);
        List<Event> events = new(2);
        var card = scan.CylinderCard;
        if (card is not null && PermitLifecycle.IsLapsed(card, now))
        {
            card = PermitLifecycle.CopyPermits(card);
            events.Add(PermitLifecycle.Expire(card, PermitLifecycle.RegionOf(card.OpenPermit, cards), now));
        }

        var findings = ScanRules.Judge(scan);
        var warnings = ScanWarnings.Judge(scan);
        var (standing, overridden) = Split(findings);
        if (standing.Count == 0)
        {
            Permit(scan, card!, overridden, warnings, events, now, out card);
        }
        else
        {
            events.Add(Refuse(scan, standing, warnings, now));
        }

        return ReferenceEquals(card, scan.CylinderCard) || card is null
            ? Decision.Happened(events, [])
            : Decision.Happened(events, [new CardChange(CardKey.Cylinder(card.Cylinder.CylinderId), card)]);
    }

    /// <inheritdoc />
    public override ScanResponse Reply(Event answer, long position)
    {
        var response = new ScanResponse { Position = position };
        if (answer.BodyCase == Event.BodyOneofCase.PermitIssued)
        {
            // The server signs it: keys are not for the decider.
            response.Permit = new Permit { Terms = answer.PermitIssued.Terms };
            response.Warnings.Add(answer.PermitIssued.Warnings);
        }
        else
        {
            response.Refusal = new Refusal { Bitmap = FindingCodes.Bitmap(answer.ScanRefused.Findings) };
            response.Refusal.Findings.Add(answer.ScanRefused.Findings);
            response.Warnings.Add(answer.ScanRefused.Warnings);
        }

        return response;
    }

    // Other cards may lead elsewhere: an alias to another cylinder, a terminal to another station.
    private ScanKeys KeysFor(CardSet cards)
    {
        if (keys is null || lookedAt != cards)
        {
            (keys, named, lookedAt) = (new ScanKeys(request, reading), null, cards);
        }

        return keys;
    }

    private (IReadOnlyList<Finding> Standing, List<(Finding Finding, Override By)> Overridden) Split(IReadOnlyList<Finding> findings)
    {
        if (request.Overrides.Count == 0)
        {
            return (findings, []);
        }

        List<Finding> standing = [];
        List<(Finding, Override)> overridden = [];
        foreach (var finding in findings)
        {
            var by = request.Overrides.FirstOrDefault(candidate => candidate.Refusal == finding.Refusal);
            if (by is not null && ScanRules.All.First(rule => rule.Code == finding.Refusal).MayBeOverridden)
            {
                overridden.Add((finding, by));
            }
            else
            {
                standing.Add(finding);
            }
        }

        return (standing, overridden);
    }

    private void Permit(
        ScanCase scan, CylinderCard card, List<(Finding Finding, Override By)> overridden, List<Finding> warnings, List<Event> events, Moment now, out CylinderCard next)
    {
        var terms = Terms(scan, card, now);
        foreach (var (finding, by) in overridden)
        {
            var entry = Origin.Event(now, terms.CylinderId, scan.Station, terms.Gas);
            entry.RuleOverridden = new RuleOverridden { PermitId = terms.PermitId, Finding = finding, SupervisorId = by.SupervisorId, Reason = by.Reason };
            events.Add(entry);
            warnings.Add(ScanWarnings.Overridden.ToFinding(Facts.Of(("refusal", finding.Code), ("supervisor", by.SupervisorId))));
        }

        var issued = Origin.Event(now, terms.CylinderId, scan.Station, terms.Gas);
        issued.PermitIssued = new PermitIssued { Terms = terms, Scan = FactsOf(request) };
        issued.PermitIssued.Warnings.Add(warnings);
        events.Add(issued);
        next = PermitLifecycle.Issue(card, terms, request.OperatorId);
    }

    private PermitTerms Terms(ScanCase scan, CylinderCard card, Moment now) => new()
    {
        PermitId = PermitId.Of(card.Cylinder.CylinderId, card.PermitCount + 1),
        CylinderId = card.Cylinder.CylinderId,
        Code = card.Cylinder.Code,
        StationId = scan.Station!.StationId,
        TerminalId = request.TerminalId,
        GunId = request.GunId,
        Gas = scan.Terminal!.Gas,
        GasBatchId = request.GasBatchId,
        MaxNetMassG = card.Cylinder.MaxNetMassG,
        TareG = card.Cylinder.TareG,
        IssuedAtUnixS = now.UnixSeconds,
        ExpiresAtUnixS = now.UnixSeconds + scan.Limits[LimitNames.PermitLifetime],
        RulesVersion = scan.Limits.RulesVersion,
    };

    private Event Refuse(ScanCase scan, IReadOnlyList<Finding> findings, List<Finding> warnings, Moment now)
    {
        var refused = Origin.Event(now, scan.Cylinder?.CylinderId ?? string.Empty, scan.Station, scan.Terminal?.Gas ?? string.Empty);
        refused.ScanRefused = new ScanRefused
        {
            Scan = FactsOf(request),
            Code = scan.Cylinder?.Code ?? (reading.Outcome == ReadingOutcome.Readable ? reading.Value : string.Empty),
            CloneAlert = scan.OpenPermit is { } open && open.Terms.StationId != scan.Station?.StationId,
        };
        refused.ScanRefused.Findings.Add(findings);
        refused.ScanRefused.Warnings.Add(warnings);
        return refused;
    }

    private static ScanFacts FactsOf(ScanRequest request)
    {
        var facts = new ScanFacts
        {
            Scanned = request.Scanned,
            TerminalId = request.TerminalId,
            GunId = request.GunId,
            OperatorId = request.OperatorId,
            GasBatchId = request.GasBatchId,
            StampedNumber = request.StampedNumber,
            CheckerId = request.CheckerId,
            TerminalTime = request.TerminalTime,
        };
        facts.Checks.Add(request.Checks);
        if (request.HasWeighedTareG)
        {
            facts.WeighedTareG = request.WeighedTareG;
        }

        if (request.HasResidualPressureKpa)
        {
            facts.ResidualPressureKpa = request.ResidualPressureKpa;
        }

        return facts;
    }
}
