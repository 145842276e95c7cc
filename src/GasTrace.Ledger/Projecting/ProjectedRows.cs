namespace GasTrace.Ledger.Projecting;

// Rows of the typed tables, as the stores write them. Times are microseconds or seconds since 1970-01-01T00:00:00Z as the
// ledger has them, days are ISO 8601 text, "" is none.

/// <summary>An entry, as searches look for it.</summary>
public readonly record struct EntryRow(long Position, int Kind, string CylinderId, string Station, string Region, long RecordedAtMicros);

/// <summary>A permit that is open.</summary>
public readonly record struct OpenPermitRow(
    string PermitId, string CylinderId, string Station, string Terminal, string Gun, bool Begun, long DeadlineUnixSeconds);

/// <summary>A permit, open before, that was begun. Its deadline before tells where its row is; 0 when the entry does not say.</summary>
public readonly record struct BegunPermitRow(string PermitId, long DeadlineUnixSeconds, long DeadlineBeforeUnixSeconds);

/// <summary>A fill.</summary>
public readonly record struct FillRow(
    long Position, string PermitId, string CylinderId, string Code, string Station, string Region, string Terminal, string Gun, string Operator,
    string Gas, string GasBatch, int GrossMassG, int TareG, int NetMassG, int MaxNetMassG, long RecordedAtMicros);

/// <summary>A fill that was voided.</summary>
public readonly record struct VoidedFillRow(string PermitId, long Position, string Reason);

/// <summary>A reason of a refusal, or a violation.</summary>
public readonly record struct FindingRow(string Code, long Position, string CylinderId, string Station, long RecordedAtMicros);

/// <summary>A cylinder as registered.</summary>
public readonly record struct CylinderRow(
    string CylinderId, string Code, string Maker, string SerialNumber, string ManufacturedOn, string Model, string Gas, string UnitId,
    string CertificateNumber, string InspectionDueOn, string ServiceLifeEndsOn, bool Scrapped);

/// <summary>A cylinder's new code.</summary>
public readonly record struct CodeRow(string CylinderId, string Code);

/// <summary>What a correction set right of a cylinder.</summary>
/// <param name="CylinderId">The cylinder.</param>
/// <param name="ManufacturedOn">Date of manufacture.</param>
/// <param name="Model">Model.</param>
/// <param name="Gas">Gas.</param>
public readonly record struct CorrectionRow(string CylinderId, string ManufacturedOn, string Model, string Gas);

/// <summary>A cylinder's new dates.</summary>
public readonly record struct InspectionRow(string CylinderId, string InspectionDueOn, string ServiceLifeEndsOn);

/// <summary>A cylinder's new use registration.</summary>
public readonly record struct UseRegistrationRow(string CylinderId, string UnitId, string CertificateNumber);

/// <summary>A hold on a cylinder.</summary>
public readonly record struct HoldRow(string CylinderId, int Kind, string Reason, long Position);

/// <summary>A hold that was released.</summary>
public readonly record struct ReleasedHoldRow(string CylinderId, int Kind);

/// <summary>A station.</summary>
public readonly record struct StationRow(string StationId, string Name, string UnitId, string Region, string LicenceEndsOn, int Status);

/// <summary>A station's new standing.</summary>
public readonly record struct StationStatusRow(string StationId, int Status);

/// <summary>What is to be added to a station's counts of a day.</summary>
public sealed record StationDayRow(string Station, string Region, string Day)
{
    /// <summary>Permits issued.</summary>
    public long Permits { get; set; }

    /// <summary>Scans refused.</summary>
    public long Refusals { get; set; }

    /// <summary>Fills that used up a permit.</summary>
    public long Completed { get; set; }

    /// <summary>Permits given up or revoked.</summary>
    public long Aborted { get; set; }

    /// <summary>Permits expired.</summary>
    public long Expired { get; set; }

    /// <summary>Fills recorded.</summary>
    public long Fills { get; set; }

    /// <summary>Fills with violations.</summary>
    public long Violations { get; set; }

    /// <summary>Mass filled, grams.</summary>
    public long NetMassG { get; set; }
}

/// <summary>What is to be added to a station's count of a reason of a day.</summary>
public readonly record struct StationDayReasonRow(string Station, string Region, string Day, string Code, long Refusals);
