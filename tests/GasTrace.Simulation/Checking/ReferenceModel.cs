using GasTrace.V1;

namespace GasTrace.Simulation.Checking;

/// <summary>
/// The rules once more, by another reading of the domain: plain dictionaries, one long function a question, no code of the
/// product. It is told what was recorded, in the ledger's order, with the requests that caused it.
/// </summary>
internal sealed partial class ReferenceModel
{
    private static readonly HashSet<string> CheckedItems =
        [.. Enum.GetNames<PrefillItem>().Where(name => name != nameof(PrefillItem.Unspecified))];

    public Dictionary<string, ModelCylinder> Cylinders { get; } = new(StringComparer.Ordinal);

    /// <summary>The same cylinders, in the order of their registration.</summary>
    public List<ModelCylinder> Listed { get; } = [];

    public Dictionary<string, (string Cylinder, bool Voided)> Codes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Station> Stations { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, V1.Terminal> Terminals { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Operator> Operators { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, GasBatch> Batches { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, bool> Custody { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DateOnly?> Bodies { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Recalls { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ModelGun> Guns { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ModelPermit> Permits { get; } = new(StringComparer.Ordinal);

    public long PermitLifetime { get; private set; } = 600;

    public long FillDuration { get; private set; } = 1_800;

    public long TareTolerance { get; private set; } = 300;

    /// <summary>Numbers of all reasons to refuse a scan, by domain.md, section 3.</summary>
    public SortedSet<int> Refusals(ScanRequest scan, DateTimeOffset now)
    {
        SortedSet<int> reasons = [];
        var today = Day(now);
        var cylinder = CylinderOf(scan.Scanned, reasons);
        var terminal = Terminals.GetValueOrDefault(scan.TerminalId);
        var gun = terminal?.Guns.FirstOrDefault(gun => gun.GunId == scan.GunId);
        var station = terminal is null ? null : Stations.GetValueOrDefault(terminal.StationId);
        if (terminal is null || gun is null)
        {
            reasons.Add(608);
        }

        if (terminal is not null && (station is null || station.Status == StationStatus.Revoked || station.LicenceNumber.Length == 0))
        {
            reasons.Add(601);
        }

        if (terminal is not null && station is not null)
        {
            AtStation(scan, terminal, station, cylinder, today, reasons);
        }

        if (gun?.CalibrationEndsOn is { } calibrated && today > Day(calibrated))
        {
            reasons.Add(609);
        }

        if (station?.Locked == true || terminal?.Locked == true || gun?.Locked == true)
        {
            reasons.Add(610);
        }

        var done = scan.Checks.Where(check => check.Outcome != CheckOutcome.Unspecified).Select(check => check.Item.ToString()).ToHashSet();
        if (!CheckedItems.IsSubsetOf(done))
        {
            reasons.Add(701);
        }

        if (scan.Checks.Any(check => check.Outcome == CheckOutcome.Failed))
        {
            reasons.Add(702);
        }

        if (cylinder?.Open is { } open && open.Deadline > now.ToUnixTimeSeconds())
        {
            reasons.Add(805);
        }

        if (terminal is not null && Guns.TryGetValue($"{scan.TerminalId}/{scan.GunId}", out var busy) && busy.Begun.Length > 0 && busy.ReportBy > now.ToUnixTimeSeconds())
        {
            reasons.Add(808);
        }

        if (ClockOff(scan, now) > 300)
        {
            reasons.Add(905);
        }

        if (cylinder is not null)
        {
            OfCylinder(scan, cylinder, today, reasons);
        }

        return reasons;
    }

    /// <summary>Numbers of all warnings of a scan.</summary>
    public SortedSet<int> Warnings(ScanRequest scan, DateTimeOffset now)
    {
        SortedSet<int> warnings = [];
        var today = Day(now);
        var cylinder = CylinderOf(scan.Scanned, []);
        var terminal = Terminals.GetValueOrDefault(scan.TerminalId);
        var station = terminal is null ? null : Stations.GetValueOrDefault(terminal.StationId);
        var person = station is not null && Operators.TryGetValue(scan.OperatorId, out var known) && known.StationIds.Contains(station.StationId) ? known : null;
        Soon(1, cylinder is null ? null : DueOf(cylinder), 30);
        Soon(2, cylinder is null ? null : LifeEnd(cylinder), 90);
        Soon(3, station is null ? null : Day(station.LicenceEndsOn), 30);
        Soon(4, person?.CertificateEndsOn is { } certified ? Day(certified) : null, 30);
        Soon(5, terminal?.Guns.FirstOrDefault(gun => gun.GunId == scan.GunId)?.CalibrationEndsOn is { } calibrated ? Day(calibrated) : null, 30);
        if (ClockOff(scan, now) is > 60 and <= 300)
        {
            warnings.Add(6);
        }

        if (cylinder is not null && cylinder.Whereabouts != Whereabouts.Unspecified)
        {
            warnings.Add(7);
        }

        return warnings;

        void Soon(int warning, DateOnly? end, int days)
        {
            if (end is { } last && last >= today && last <= today.AddDays(days))
            {
                warnings.Add(warning);
            }
        }
    }

    /// <summary>Numbers of all violations of a report, by domain.md, section 4.</summary>
    public SortedSet<int> Violations(FillReport report, DateTimeOffset now)
    {
        SortedSet<int> violations = [];
        var permit = Permits.GetValueOrDefault(report.PermitId);
        var seconds = now.ToUnixTimeSeconds();
        var cylinder = FilledCylinder(report);

        // A card keeps the last four permits that ended; of older ones it is only known that they were used.
        var forgotten = permit is { End.Length: > 0 } && permit.Cylinder.Closed.Count - permit.Cylinder.Closed.IndexOf(permit) > 4;
        if (permit is null)
        {
            violations.Add(1);
        }
        else if (forgotten || permit.End is "completed" or "aborted")
        {
            violations.Add(3);
        }
        else if (permit.End == "expired" || permit.Deadline <= seconds)
        {
            violations.Add(2);
        }

        var terminal = Terminals.GetValueOrDefault(report.TerminalId);
        var station = terminal is null ? null : Stations.GetValueOrDefault(terminal.StationId);
        if (permit is not null && !forgotten)
        {
            AddWhen(permit.Station != station?.StationId, 4);
            AddWhen(permit.Terminal != report.TerminalId || permit.Gun != report.GunId, 5);
            AddWhen(permit.Cylinder != cylinder, 6);
        }

        var net = cylinder is null ? 0 : report.GrossMassG - cylinder.TareG;
        AddWhen(cylinder is { MaxNetMassG: > 0 } && net > cylinder.MaxNetMassG, 7);
        AddWhen(cylinder is not null && station is { NominalNetMassG: > 0 } && net < station.NominalNetMassG - station.NominalToleranceG, 8);
        AddWhen(cylinder is { TareG: > 0 } && report.HasWeighedTareG && Math.Abs(report.WeighedTareG - cylinder.TareG) > TareTolerance, 9);
        AddWhen(report.Checks.Any(check => check.Outcome == CheckOutcome.Failed), 10);
        AddWhen(station is { Status: StationStatus.Suspended or StationStatus.Revoked }, 11);
        var started = report.StartedAt?.ToDateTimeOffset();
        var ended = report.EndedAt?.ToDateTimeOffset();
        AddWhen(ended < started || started > now.AddSeconds(300) || ended > now.AddSeconds(300), 12);
        AddWhen(permit is not null && !forgotten && started < DateTimeOffset.FromUnixTimeSeconds(permit.Issued - 300), 12);
        var last = Guns.TryGetValue($"{report.TerminalId}/{report.GunId}", out var gun) ? gun.Sequence : 0;
        AddWhen(report.GunSequence > 0 && last > 0 && report.GunSequence != last + 1, 13);
        return violations;

        void AddWhen(bool applies, int violation)
        {
            if (applies)
            {
                violations.Add(violation);
            }
        }
    }

    /// <summary>Why gas may not begin to flow on a permit; empty when it may.</summary>
    public string WhyNotBegin(BeginFillRequest begin, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        if (!Permits.TryGetValue(begin.PermitId, out var permit) || permit.End.Length > 0)
        {
            return "no such open permit";
        }

        var terminal = Terminals.GetValueOrDefault(begin.TerminalId);
        var station = terminal is null ? null : Stations.GetValueOrDefault(terminal.StationId);
        return permit.Terminal != begin.TerminalId || permit.Gun != begin.GunId ? "another gun's permit"
            : permit.Begun ? "begun already"
            : permit.Deadline <= seconds ? "past its deadline"
            : Guns.TryGetValue($"{begin.TerminalId}/{begin.GunId}", out var gun) && gun.Begun.Length > 0 && gun.ReportBy > seconds ? "the gun is busy"
            : station is null || station.Status != StationStatus.Active ? "the station may not fill"
            : station.Locked || terminal!.Locked || terminal.Guns.Any(own => own.GunId == begin.GunId && own.Locked) ? "locked"
            : IsRecalled(permit.Cylinder) ? "recalled"
            : Batches.GetValueOrDefault($"{station.StationId}/{permit.Batch}") is not { Status: GasBatchStatus.Released } ? "the gas batch may not be used"
            : Operators.GetValueOrDefault(permit.Operator)?.Blacklisted == true ? "the operator is blacklisted"
            : string.Empty;
    }

    /// <summary>The day at the stations.</summary>
    public static DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime.AddHours(8));

    public static DateOnly Day(Google.Type.Date date) => new(date.Year, date.Month, date.Day);

    private void AtStation(ScanRequest scan, V1.Terminal terminal, Station station, ModelCylinder? cylinder, DateOnly today, SortedSet<int> reasons)
    {
        if (today > Day(station.LicenceEndsOn))
        {
            reasons.Add(602);
        }

        if (!station.LicensedGases.Contains(terminal.Gas))
        {
            reasons.Add(603);
        }

        if (station.Status == StationStatus.Suspended)
        {
            reasons.Add(604);
        }

        if (!Operators.TryGetValue(scan.OperatorId, out var person) || !person.StationIds.Contains(station.StationId))
        {
            reasons.Add(605);
        }
        else
        {
            if (!person.CertificateItems.Contains("P") || person.CertificateEndsOn is null || today > Day(person.CertificateEndsOn))
            {
                reasons.Add(606);
            }

            if (person.Blacklisted)
            {
                reasons.Add(607);
            }
        }

        var batch = Batches.GetValueOrDefault($"{station.StationId}/{scan.GasBatchId}");
        if ((cylinder is not null && cylinder.Gas != terminal.Gas) || (batch is not null && batch.Gas != terminal.Gas))
        {
            reasons.Add(501);
        }

        if (batch is null || batch.Status != GasBatchStatus.Released)
        {
            reasons.Add(513);
        }

        if (batch is not null && (batch.CertificateNumber.Length == 0 || batch.CertificateEndsOn is null || today > Day(batch.CertificateEndsOn)))
        {
            reasons.Add(515);
        }

        if (cylinder is { Unit.Length: > 0 } && cylinder.Unit != station.UnitId && !Custody.GetValueOrDefault($"{cylinder.Unit}/{station.StationId}"))
        {
            reasons.Add(401);
        }
    }

    private void OfCylinder(ScanRequest scan, ModelCylinder cylinder, DateOnly today, SortedSet<int> reasons)
    {
        var due = DueOf(cylinder);
        (bool Applies, int Reason)[] table =
        [
            (scan.StampedNumber.Length > 0 && !(cylinder.StampedNumbers.Count > 0 ? cylinder.StampedNumbers : [cylinder.Serial.ToUpperInvariant()])
                .Contains(scan.StampedNumber.Trim().ToUpperInvariant()), 106),
            (cylinder.Holds.Contains(HoldKind.CloneSuspect), 107),
            (cylinder.Scrapped, 201),
            (cylinder.Holds.Contains(HoldKind.Seized), 203),
            (cylinder.Holds.Contains(HoldKind.Blacklisted), 204),
            (IsRecalled(cylinder), 205),
            (cylinder.Model == "YSP118-II", 206),
            (cylinder.Refurbished, 207),
            (cylinder.Holds.Overlaps([HoldKind.OutOfUse, HoldKind.Overfilled, HoldKind.PostfillFailed]), 210),
            ((cylinder.Inspected is not null || cylinder.Due is not null) && today > due, 301),
            (cylinder.Inspected is null && today > cylinder.Made.AddMonths(Interval(cylinder, cylinder.Made)), 302),
            (cylinder.InspectionFailed, 303),
            (cylinder.InspectionBody.Length > 0 && Bodies.GetValueOrDefault(cylinder.InspectionBody) is { } revoked && cylinder.Inspected >= revoked, 304),
            (LifeEnd(cylinder) is { } end && today > end, 305),
            (LongOutOfUse(cylinder, today), 307),
            (cylinder.Unit.Length == 0 || cylinder.Certificate.Length == 0 || cylinder.RegistrationCancelled, 402),
            (cylinder.TareG <= 0, 504),
            (cylinder.TareG > 0 && scan.HasWeighedTareG && Math.Abs(scan.WeighedTareG - cylinder.TareG) > TareTolerance, 505),
            (scan is { HasResidualPressureKpa: true, ResidualPressureKpa: 0 } && !(cylinder.Purged is not null && !(cylinder.Filled >= cylinder.Purged)), 511),
            (cylinder.PurgeRequired, 512),
        ];
        foreach (var (applies, reason) in table)
        {
            if (applies)
            {
                reasons.Add(reason);
            }
        }
    }

    private bool IsRecalled(ModelCylinder cylinder) =>
        Recalls.Contains($"model {cylinder.Model}") || Recalls.Contains($"month {cylinder.Maker} {cylinder.Made.Year}-{cylinder.Made.Month}");

    // For longer than an interval, and not inspected since it was.
    private static bool LongOutOfUse(ModelCylinder cylinder, DateOnly today) =>
        cylinder.OutFrom is { } from && from.AddMonths(Interval(cylinder, from)) is var longFrom && (cylinder.OutUntil ?? today) > longFrom && !(cylinder.Inspected > longFrom);

    private ModelCylinder? CylinderOf(string scanned, SortedSet<int> reasons)
    {
        var text = BareCode(scanned);
        if (text.Length != 16 || !text[..6].All(char.IsAsciiDigit) || text[6..15].Any(character => !"0123456789ABCDEFGHJKLMNPRSTVWXYZ".Contains(character, StringComparison.Ordinal))
            || !char.IsAsciiLetterOrDigit(text[15]))
        {
            reasons.Add(101);
            return null;
        }

        if (!CheckCharacterHolds(text))
        {
            reasons.Add(102);
            return null;
        }

        if (!Codes.TryGetValue(text, out var bound))
        {
            reasons.Add(103);
            return null;
        }

        if (bound.Voided)
        {
            reasons.Add(105);
            return null;
        }

        return Cylinders[bound.Cylinder];
    }

    private ModelCylinder? FilledCylinder(FillReport report) =>
        report.Scanned.Length == 0 ? Permits.GetValueOrDefault(report.PermitId)?.Cylinder
        : Codes.TryGetValue(BareCode(report.Scanned), out var bound) ? Cylinders[bound.Cylinder]
        : null;

    private static string BareCode(string scanned)
    {
        var text = scanned.Trim();
        return (text.Contains("://", StringComparison.Ordinal) ? text[(text.LastIndexOf('/') + 1)..] : text).ToUpperInvariant();
    }

    // ISO/IEC 7064, 8.2: hybrid system MOD 37,36.
    public static bool CheckCharacterHolds(string text)
    {
        var product = 36;
        foreach (var character in text[..15])
        {
            var sum = (product + Value(character)) % 36;
            product = (sum == 0 ? 36 : sum) * 2 % 37;
        }

        return (product + Value(text[15])) % 36 == 1;

        static int Value(char character) => char.IsAsciiDigit(character) ? character - '0' : character - 'A' + 10;
    }

    private static double? ClockOff(ScanRequest scan, DateTimeOffset now) =>
        scan.TerminalTime is null ? null : Math.Abs((scan.TerminalTime.ToDateTimeOffset() - now).TotalSeconds);

    // Only gases of the LPG family are filled here, so the kind follows from the day of manufacture.
    private static int Interval(ModelCylinder cylinder, DateOnly at) => cylinder.Made < new DateOnly(2007, 2, 1) && at >= cylinder.Made.AddYears(12) ? 36 : 48;

    private static DateOnly DueOf(ModelCylinder cylinder)
    {
        var counted = (cylinder.Inspected ?? cylinder.Made).AddMonths(Interval(cylinder, cylinder.Inspected ?? cylinder.Made));
        return cylinder.Due is not { } recorded ? counted : cylinder.Inspected is null || recorded < counted ? recorded : counted;
    }

    private static DateOnly? LifeEnd(ModelCylinder cylinder)
    {
        if (cylinder.StampedLifeEnd is { } stamped)
        {
            return stamped;
        }

        if (cylinder.Made < new DateOnly(2007, 2, 1))
        {
            return cylinder.Made.AddYears(15);
        }

        var end = cylinder.Made.AddYears(8);
        var passedLate = cylinder.Inspected is { } inspected && !cylinder.InspectionFailed && inspected >= end.AddMonths(-12);
        return cylinder.Made < new DateOnly(2023, 12, 1) && passedLate ? end.AddYears(4) : end;
    }
}
