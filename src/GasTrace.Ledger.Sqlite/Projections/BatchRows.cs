using GasTrace.Ledger.Projecting;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>Writes a batch's rows, in the transaction that is open.</summary>
internal static class BatchRows
{
    public static void Write(ProjectionStatements sql, ProjectedBatch batch)
    {
        WriteEntries(sql, batch);
        WritePermits(sql, batch);
        WriteCylinders(sql, batch.Register);
        WriteHoldsAndStations(sql, batch.Register);
        WriteCounts(sql, batch);
    }

    private static void WriteEntries(ProjectionStatements sql, ProjectedBatch batch)
    {
        foreach (var row in batch.Entries)
        {
            sql["insert_entry"].Bind(1, row.Position).Bind(2, row.Kind).Bind(3, row.CylinderId).Bind(4, row.Station).Bind(5, row.Region).Bind(6, row.RecordedAtMicros).Run();
        }

        foreach (var row in batch.Fills)
        {
            sql["insert_fill"]
                .Bind(1, row.Position).Bind(2, row.PermitId).Bind(3, row.CylinderId).Bind(4, row.Code).Bind(5, row.Station).Bind(6, row.Region)
                .Bind(7, row.Terminal).Bind(8, row.Gun).Bind(9, row.Operator).Bind(10, row.Gas).Bind(11, row.GasBatch)
                .Bind(12, row.GrossMassG).Bind(13, row.TareG).Bind(14, row.NetMassG).Bind(15, row.MaxNetMassG).Bind(16, row.RecordedAtMicros).Run();
        }

        foreach (var row in batch.VoidedFills)
        {
            sql["insert_voided_fill"].Bind(1, row.PermitId).Bind(2, row.Position).Bind(3, row.Reason).Run();
        }

        WriteFindings(sql["insert_refusal"], batch.Refusals);
        WriteFindings(sql["insert_violation"], batch.Violations);
    }

    private static void WriteFindings(SqliteStatement insert, IReadOnlyCollection<FindingRow> rows)
    {
        foreach (var row in rows)
        {
            insert.Bind(1, row.Code).Bind(2, row.Position).Bind(3, row.CylinderId).Bind(4, row.Station).Bind(5, row.RecordedAtMicros).Run();
        }
    }

    private static void WritePermits(ProjectionStatements sql, ProjectedBatch batch)
    {
        foreach (var row in batch.OpenPermits)
        {
            sql["insert_open_permit"].Bind(1, row.PermitId).Bind(2, row.CylinderId).Bind(3, row.Station).Bind(4, row.Terminal).Bind(5, row.Gun)
                .Bind(6, row.Begun ? 1 : 0).Bind(7, row.DeadlineUnixSeconds).Run();
        }

        foreach (var row in batch.BegunPermits)
        {
            // Entries of early versions do not tell the deadline; then the row is looked for.
            if (sql["update_open_permit"].Bind(1, row.PermitId).Bind(2, row.DeadlineUnixSeconds).Bind(3, row.DeadlineBeforeUnixSeconds).Run() == 0)
            {
                sql["update_any_open_permit"].Bind(1, row.PermitId).Bind(2, row.DeadlineUnixSeconds).Run();
            }
        }

        foreach (var permitId in batch.ClosedPermits)
        {
            if (sql["delete_open_permit"].Bind(1, permitId).Bind(2, batch.DeadlineBefore(permitId)).Run() == 0)
            {
                sql["delete_any_open_permit"].Bind(1, permitId).Run();
            }
        }
    }

    private static void WriteCylinders(ProjectionStatements sql, ProjectedRegister register)
    {
        foreach (var row in register.Cylinders)
        {
            sql["insert_cylinder"]
                .Bind(1, row.CylinderId).Bind(2, row.Code).Bind(3, row.Maker).Bind(4, row.SerialNumber).Bind(5, row.ManufacturedOn).Bind(6, row.Model)
                .Bind(7, row.Gas).Bind(8, row.UnitId).Bind(9, row.CertificateNumber).Bind(10, row.InspectionDueOn).Bind(11, row.ServiceLifeEndsOn)
                .Bind(12, row.Scrapped ? 1 : 0).Run();
        }

        foreach (var row in register.Codes)
        {
            sql["update_code"].Bind(1, row.CylinderId).Bind(2, row.Code).Run();
        }

        foreach (var row in register.Corrections)
        {
            sql["update_correction"].Bind(1, row.CylinderId).Bind(2, row.ManufacturedOn).Bind(3, row.Model).Bind(4, row.Gas).Run();
        }

        foreach (var row in register.Inspections)
        {
            sql["update_inspection"].Bind(1, row.CylinderId).Bind(2, row.InspectionDueOn).Bind(3, row.ServiceLifeEndsOn).Run();
        }

        foreach (var row in register.UseRegistrations)
        {
            sql["update_registration"].Bind(1, row.CylinderId).Bind(2, row.UnitId).Bind(3, row.CertificateNumber).Run();
        }

        foreach (var cylinderId in register.Scrapped)
        {
            sql["update_scrapped"].Bind(1, cylinderId).Run();
        }
    }

    private static void WriteHoldsAndStations(ProjectionStatements sql, ProjectedRegister register)
    {
        foreach (var row in register.ReleasedHolds)
        {
            sql["delete_hold"].Bind(1, row.CylinderId).Bind(2, row.Kind).Run();
        }

        foreach (var row in register.Holds)
        {
            sql["insert_hold"].Bind(1, row.CylinderId).Bind(2, row.Kind).Bind(3, row.Reason).Bind(4, row.Position).Run();
        }

        foreach (var row in register.Stations)
        {
            sql["upsert_station"].Bind(1, row.StationId).Bind(2, row.Name).Bind(3, row.UnitId).Bind(4, row.Region).Bind(5, row.LicenceEndsOn).Bind(6, row.Status).Run();
        }

        foreach (var row in register.StationStatuses)
        {
            sql["update_station_status"].Bind(1, row.StationId).Bind(2, row.Status).Run();
        }
    }

    private static void WriteCounts(ProjectionStatements sql, ProjectedBatch batch)
    {
        foreach (var row in batch.StationDays)
        {
            sql["upsert_station_day"].Bind(1, row.Station).Bind(2, row.Region).Bind(3, row.Day)
                .Bind(4, row.Permits).Bind(5, row.Refusals).Bind(6, row.Completed).Bind(7, row.Aborted).Bind(8, row.Expired)
                .Bind(9, row.Fills).Bind(10, row.Violations).Bind(11, row.NetMassG).Run();
        }

        foreach (var row in batch.StationDayReasons)
        {
            sql["upsert_station_day_reason"].Bind(1, row.Station).Bind(2, row.Region).Bind(3, row.Day).Bind(4, row.Code).Bind(5, row.Refusals).Run();
        }
    }
}
