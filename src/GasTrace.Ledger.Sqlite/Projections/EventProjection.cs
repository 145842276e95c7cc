using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.V1;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>What each kind of event writes into the typed tables.</summary>
internal static class EventProjection
{
    /// <summary>Writes one entry, whose event has been read.</summary>
    public static void Write(ProjectionStatements sql, HistoryRuns history, LedgerEntry entry, Event happened)
    {
        if (IsAboutCylinder(happened) && happened.Subject.Length > 0)
        {
            history.Add(happened.Subject, entry.Position);
        }

        sql["insert_entry"].Bind(1, entry.Position).Bind(2, entry.Header.Kind)
            .Bind(3, IsAboutCylinder(happened) ? happened.Subject : string.Empty)
            .Bind(4, happened.StationId).Bind(5, happened.Region).Bind(6, entry.Header.RecordedAtMicros).Run();
        switch (happened.BodyCase)
        {
            case Event.BodyOneofCase.PermitIssued:
                Issued(sql, happened.PermitIssued.Terms);
                break;
            case Event.BodyOneofCase.FillBegun:
                sql["update_open_permit"].Bind(1, happened.FillBegun.PermitId).Bind(2, happened.FillBegun.ReportBy.Seconds).Run();
                break;
            case Event.BodyOneofCase.ScanRefused:
                Findings(sql["insert_refusal"], entry, happened, happened.ScanRefused.Findings);
                break;
            case Event.BodyOneofCase.FillCompleted:
                Filled(sql, entry, happened);
                break;
            case Event.BodyOneofCase.FillAborted:
                sql["delete_open_permit"].Bind(1, happened.FillAborted.PermitId).Run();
                break;
            case Event.BodyOneofCase.PermitExpired:
                sql["delete_open_permit"].Bind(1, happened.PermitExpired.PermitId).Run();
                break;
            case Event.BodyOneofCase.FillVoided:
                sql["insert_voided_fill"].Bind(1, happened.FillVoided.PermitId).Bind(2, entry.Position).Bind(3, happened.FillVoided.Reason).Run();
                break;
            default:
                RegisterProjection.Write(sql, entry.Position, happened);
                break;
        }
    }

    private static bool IsAboutCylinder(Event happened) => (int)happened.BodyCase is >= 20 and < 60;

    private static void Issued(ProjectionStatements sql, PermitTerms terms) => sql["insert_open_permit"]
        .Bind(1, terms.PermitId).Bind(2, terms.CylinderId).Bind(3, terms.StationId).Bind(4, terms.TerminalId).Bind(5, terms.GunId)
        .Bind(6, terms.ExpiresAtUnixS).Run();

    private static void Filled(ProjectionStatements sql, LedgerEntry entry, Event happened)
    {
        var fill = happened.FillCompleted;
        if (fill.ConsumesPermit)
        {
            sql["delete_open_permit"].Bind(1, fill.Report.PermitId).Run();
        }

        sql["insert_fill"]
            .Bind(1, entry.Position).Bind(2, fill.Report.PermitId).Bind(3, happened.Subject).Bind(4, fill.Code)
            .Bind(5, happened.StationId).Bind(6, happened.Region).Bind(7, fill.Report.TerminalId).Bind(8, fill.Report.GunId)
            .Bind(9, fill.OperatorId).Bind(10, happened.Gas).Bind(11, fill.GasBatchId)
            .Bind(12, fill.Report.GrossMassG).Bind(13, fill.TareG).Bind(14, fill.NetMassG).Bind(15, fill.MaxNetMassG)
            .Bind(16, entry.Header.RecordedAtMicros).Run();
        Findings(sql["insert_violation"], entry, happened, fill.Violations);
        foreach (var finding in fill.Violations)
        {
            if (happened.Subject.Length > 0 && finding.Violation is ViolationCode.Overfilled or ViolationCode.PostfillCheckFailed)
            {
                var kind = finding.Violation == ViolationCode.Overfilled ? HoldKind.Overfilled : HoldKind.PostfillFailed;
                sql["insert_hold"].Bind(1, happened.Subject).Bind(2, (int)kind).Bind(3, finding.Code).Bind(4, entry.Position).Run();
            }
        }
    }

    private static void Findings(SqliteStatement insert, LedgerEntry entry, Event happened, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            insert.Bind(1, finding.Code).Bind(2, entry.Position).Bind(3, happened.Subject).Bind(4, happened.StationId).Bind(5, entry.Header.RecordedAtMicros).Run();
        }
    }
}
