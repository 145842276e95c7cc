using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Simulation.Checking;

/// <summary>What each entry of the ledger must have been, and what it changes.</summary>
internal sealed partial class ReferenceModel
{
    // Clocks of two nodes may be off by this much from each other.
    private const double SkewTolerance = 5;

    /// <summary>Takes in an entry; answers what it should not have been, or nothing.</summary>
    /// <param name="happened">The entry's event.</param>
    /// <param name="request">The request that caused it; null for what the service does by itself.</param>
    /// <param name="trueSeconds">The true time, seconds since 1970.</param>
    public string Record(Event happened, IMessage? request, double trueSeconds)
    {
        var now = happened.RecordedAt.ToDateTimeOffset();
        return happened.BodyCase switch
        {
            Event.BodyOneofCase.PermitIssued => Issued(happened, (ScanRequest)request!, now),
            Event.BodyOneofCase.ScanRefused => Refused(happened.ScanRefused, (ScanRequest)request!, now),
            Event.BodyOneofCase.FillBegun => Begun(happened.FillBegun, (BeginFillRequest)request!, now),
            Event.BodyOneofCase.FillCompleted => Completed(happened.FillCompleted, (CompleteFillRequest)request!, now),
            Event.BodyOneofCase.FillAborted => Aborted(happened.FillAborted, request!, now),
            Event.BodyOneofCase.PermitExpired => Expired(happened.PermitExpired, now, trueSeconds),
            Event.BodyOneofCase.FillVoided => Voided((VoidFillRequest)request!, now),
            Event.BodyOneofCase.RuleOverridden => happened.RuleOverridden.Finding.Refusal == RefusalCode.TareDeviation ? string.Empty : "a rule was overridden that may not be",
            _ => Registered(happened, request!, now),
        };
    }

    private string Issued(Event happened, ScanRequest scan, DateTimeOffset now)
    {
        var terms = happened.PermitIssued.Terms;
        var reasons = Standing(scan, now, out var overridden);
        if (reasons.Count > 0)
        {
            return $"a permit was given in spite of {string.Join(' ', reasons)}";
        }

        var warnings = Warnings(scan, now);
        if (overridden)
        {
            warnings.Add(8);
        }

        if (!warnings.SetEquals(happened.PermitIssued.Warnings.Select(finding => (int)finding.Warning)))
        {
            return $"warnings should be {string.Join(' ', warnings)}";
        }

        var cylinder = CylinderOf(scan.Scanned, [])!;
        if (cylinder.Open is { } open)
        {
            return $"a second permit was given: {open.Id} is open";
        }

        var seconds = now.ToUnixTimeSeconds();
        var expected = new PermitTerms
        {
            PermitId = $"{cylinder.Id}-{++cylinder.Permits}",
            CylinderId = cylinder.Id,
            Code = cylinder.Code,
            StationId = Terminals[scan.TerminalId].StationId,
            TerminalId = scan.TerminalId,
            GunId = scan.GunId,
            Gas = Terminals[scan.TerminalId].Gas,
            GasBatchId = scan.GasBatchId,
            MaxNetMassG = cylinder.MaxNetMassG,
            TareG = cylinder.TareG,
            IssuedAtUnixS = seconds,
            ExpiresAtUnixS = seconds + PermitLifetime,
            RulesVersion = terms.RulesVersion,
        };
        if (!terms.Equals(expected))
        {
            return $"the permit's terms should be {expected}";
        }

        Permits[terms.PermitId] = cylinder.Open = new ModelPermit
        {
            Id = terms.PermitId,
            Cylinder = cylinder,
            Station = terms.StationId,
            Terminal = terms.TerminalId,
            Gun = terms.GunId,
            Operator = scan.OperatorId,
            Batch = scan.GasBatchId,
            Issued = seconds,
            Deadline = seconds + PermitLifetime,
        };
        return string.Empty;
    }

    private string Refused(ScanRefused refused, ScanRequest scan, DateTimeOffset now)
    {
        var reasons = Standing(scan, now, out _);
        if (reasons.Count == 0)
        {
            return $"refused with {string.Join(' ', refused.Findings.Select(finding => finding.Code))}, and there is no reason to";
        }

        if (!reasons.SetEquals(refused.Findings.Select(finding => (int)finding.Refusal)))
        {
            return $"refused with {string.Join(' ', refused.Findings.Select(finding => (int)finding.Refusal))}; should be {string.Join(' ', reasons)}";
        }

        var station = Terminals.GetValueOrDefault(scan.TerminalId)?.StationId;
        var open = reasons.Contains(805) ? CylinderOf(scan.Scanned, [])!.Open : null;
        return refused.CloneAlert == (open is not null && open.Station != station) ? string.Empty : $"the clone alert should be {!refused.CloneAlert}";
    }

    private SortedSet<int> Standing(ScanRequest scan, DateTimeOffset now, out bool overridden)
    {
        var reasons = Refusals(scan, now);
        overridden = scan.Overrides.Any(entry => entry.Refusal == RefusalCode.TareDeviation) && reasons.Remove(505);
        return reasons;
    }

    private string Begun(FillBegun begun, BeginFillRequest request, DateTimeOffset now)
    {
        if (WhyNotBegin(request, now) is { Length: > 0 } why)
        {
            return $"gas began to flow: {why}";
        }

        var permit = Permits[request.PermitId];
        var before = permit.Deadline;
        permit.Begun = true;
        permit.Deadline = now.ToUnixTimeSeconds() + FillDuration;
        var gun = GunOf(request.TerminalId, request.GunId);
        (gun.Begun, gun.ReportBy) = (permit.Id, permit.Deadline);
        return begun.ReportBy.Seconds != permit.Deadline ? $"it should be reported by {permit.Deadline}"
            : begun.PreviousDeadline.Seconds != before ? $"its deadline was {before}"
            : string.Empty;
    }

    private string Completed(FillCompleted completed, CompleteFillRequest request, DateTimeOffset now)
    {
        var report = request.Report;
        var violations = Violations(report, now);
        if (!violations.SetEquals(completed.Violations.Select(finding => (int)finding.Violation)))
        {
            return $"violations are {string.Join(' ', completed.Violations.Select(finding => (int)finding.Violation))}; should be {string.Join(' ', violations)}";
        }

        var permit = Permits.GetValueOrDefault(report.PermitId);
        var cylinder = FilledCylinder(report);
        var consumes = permit is { End.Length: 0 } && permit.Deadline > now.ToUnixTimeSeconds();
        if (completed.ConsumesPermit != consumes)
        {
            return consumes ? "it should use up its permit" : "it used up a permit that was not open";
        }

        if (consumes && completed.PermitDeadline.Seconds != permit!.Deadline)
        {
            return $"its permit's deadline was {permit.Deadline}";
        }

        if (consumes)
        {
            Close(permit!, "completed", now);
        }

        var gun = GunOf(report.TerminalId, report.GunId);
        gun.Sequence = Math.Max(gun.Sequence, report.GunSequence);
        if (permit is not null)
        {
            Release(gun, permit);
            Release(GunOf(permit.Terminal, permit.Gun), permit);
        }

        if (cylinder is not null)
        {
            cylinder.Fills++;
            cylinder.Filled = report.EndedAt?.ToDateTimeOffset() ?? now;
            cylinder.Whereabouts = Whereabouts.Full;
            if (violations.Contains(7))
            {
                cylinder.Holds.Add(HoldKind.Overfilled);
            }

            if (violations.Contains(10))
            {
                cylinder.Holds.Add(HoldKind.PostfillFailed);
            }
        }

        return completed.NetMassG == (cylinder is null ? 0 : report.GrossMassG - cylinder.TareG) ? string.Empty : "the net mass is wrong";
    }

    private string Aborted(FillAborted aborted, IMessage request, DateTimeOffset now)
    {
        if (!Permits.TryGetValue(aborted.PermitId, out var permit) || permit.End.Length > 0)
        {
            return "a permit was given up that is not open";
        }

        if (aborted.PermitDeadline.Seconds != permit.Deadline)
        {
            return $"the permit's deadline was {permit.Deadline}";
        }

        if (aborted.Cause == AbortCause.Revoked)
        {
            Close(permit, "aborted", now);
            return permit.Begun ? "a permit was revoked whose gas flows" : string.Empty;
        }

        if (permit.Deadline <= now.ToUnixTimeSeconds() || Terminals.GetValueOrDefault(((AbortFillRequest)request).TerminalId)?.StationId != permit.Station)
        {
            return "a permit was given up too late, or by another station";
        }

        Close(permit, "aborted", now);
        Release(GunOf(permit.Terminal, permit.Gun), permit);
        return string.Empty;
    }

    private string Expired(PermitExpired expired, DateTimeOffset now, double trueSeconds)
    {
        if (!Permits.TryGetValue(expired.PermitId, out var permit) || permit.End.Length > 0)
        {
            return "a permit expired that is not open";
        }

        Close(permit, "expired", now);
        return permit.Deadline > now.ToUnixTimeSeconds() || trueSeconds < permit.Deadline - SkewTolerance ? $"the permit expired before its time, {permit.Deadline}"
            : expired.Begun != permit.Begun || expired.ExpiredAt.Seconds != permit.Deadline ? "the expiry is told wrongly"
            : string.Empty;
    }

    private string Voided(VoidFillRequest request, DateTimeOffset now)
    {
        if (!Permits.TryGetValue(request.PermitId, out var permit) || permit.End != "completed" || permit.Voided || permit.Cylinder.Whereabouts != Whereabouts.Full
            || now.ToUnixTimeSeconds() > permit.EndedAt + 1_800 || Terminals.GetValueOrDefault(request.TerminalId)?.StationId != permit.Station)
        {
            return "a fill was voided that may not be";
        }

        permit.Voided = true;
        permit.Cylinder.Whereabouts = Whereabouts.Unspecified;
        return string.Empty;
    }

    private static void Close(ModelPermit permit, string end, DateTimeOffset now)
    {
        permit.End = end;
        permit.EndedAt = now.ToUnixTimeSeconds();
        permit.Cylinder.Open = null;
        permit.Cylinder.Closed.Add(permit);
    }

    private static void Release(ModelGun gun, ModelPermit permit)
    {
        if (gun.Begun == permit.Id)
        {
            (gun.Begun, gun.ReportBy) = (string.Empty, 0);
        }
    }

    private ModelGun GunOf(string terminal, string gun) =>
        Guns.TryGetValue($"{terminal}/{gun}", out var known) ? known : Guns[$"{terminal}/{gun}"] = new ModelGun();
}
