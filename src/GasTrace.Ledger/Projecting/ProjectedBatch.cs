using GasTrace.Ledger.Storage;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Projecting;

/// <summary>
/// What a run of entries changes in the typed tables: each row once, in its last state, so that a store may write them set by
/// set in any order but one: holds are released before new ones are put. Rows wait packed, and each is made when it is asked for.
/// </summary>
public sealed class ProjectedBatch
{
    // What is left out of an event is passed over, not kept.
    private static readonly MessageParser<FillingEntry> Fillings = FillingEntry.Parser.WithDiscardUnknownFields(true);
    private readonly PackedTexts texts = new();
    private readonly BatchNames names = new();
    private readonly ProjectedPermits permits;
    private readonly List<PackedEntryRow> entries = [];
    private readonly List<PackedFillRow> fills = [];
    private readonly List<VoidedFillRow> voidedFills = [];
    private readonly List<PackedFindingRow> refusals = [];
    private readonly List<PackedFindingRow> violations = [];
    private readonly DayTally days = new();

    /// <summary>Nothing yet.</summary>
    /// <param name="from">Position of the first entry: how many entries the tables must hold.</param>
    public ProjectedBatch(long from)
    {
        From = Next = from;
        permits = new(texts, names);
        Entries = new PackedRows<PackedEntryRow, EntryRow>(entries, Read);
        Fills = new PackedRows<PackedFillRow, FillRow>(fills, Read);
        Refusals = new PackedRows<PackedFindingRow, FindingRow>(refusals, Read);
        Violations = new PackedRows<PackedFindingRow, FindingRow>(violations, Read);
    }

    /// <summary>Position of the first entry: how many entries the tables must hold.</summary>
    public long From { get; private set; }

    /// <summary>How many they hold afterwards.</summary>
    public long Next { get; private set; }

    /// <summary>Entries that were taken in.</summary>
    public int Count => entries.Count;

    /// <summary>Every entry.</summary>
    public IReadOnlyCollection<EntryRow> Entries { get; }

    /// <summary>Permits that are open and were not before.</summary>
    public IReadOnlyCollection<OpenPermitRow> OpenPermits => permits.Open;

    /// <summary>Permits that were open before and are begun now.</summary>
    public IReadOnlyCollection<BegunPermitRow> BegunPermits => permits.Begun;

    /// <summary>Permits that were open before and are no longer.</summary>
    public IReadOnlyCollection<string> ClosedPermits => permits.Closed;

    /// <summary>Fills.</summary>
    public IReadOnlyCollection<FillRow> Fills { get; }

    /// <summary>Fills that were voided.</summary>
    public IReadOnlyCollection<VoidedFillRow> VoidedFills => voidedFills;

    /// <summary>Reasons of refusals.</summary>
    public IReadOnlyCollection<FindingRow> Refusals { get; }

    /// <summary>Violations.</summary>
    public IReadOnlyCollection<FindingRow> Violations { get; }

    /// <summary>What changed on the register.</summary>
    public ProjectedRegister Register { get; private set; } = new();

    /// <summary>Counts to be added.</summary>
    public IReadOnlyCollection<StationDayRow> StationDays => days.Days;

    /// <summary>Counts of reasons to be added.</summary>
    public IEnumerable<StationDayReasonRow> StationDayReasons => days.Reasons;

    /// <summary>What a run of entries changes, at least one.</summary>
    public static ProjectedBatch Of(IReadOnlyList<LedgerEntry> run)
    {
        var batch = new ProjectedBatch(run[0].Position);
        batch.Add(run);
        return batch;
    }

    /// <summary>The deadline, in seconds since 1970-01-01T00:00:00Z, that a closed permit had before the batch: it tells where its row is. 0 when the entry does not say.</summary>
    public long DeadlineBefore(string closedPermit) => permits.DeadlineBefore(closedPermit);

    /// <summary>Forgets all and begins again; its arrays are kept.</summary>
    /// <param name="from">Position of the first entry that comes.</param>
    public void Begin(long from)
    {
        From = Next = from;
        entries.Clear();
        permits.Clear();
        fills.Clear();
        voidedFills.Clear();
        refusals.Clear();
        violations.Clear();
        days.Clear();
        names.Clear();
        texts.Clear();
        Register = new();
    }

    /// <summary>Takes in the entries that follow. They are not kept, only what they change.</summary>
    public void Add(IReadOnlyList<LedgerEntry> run)
    {
        foreach (var entry in run)
        {
            if (entry.Position != Next)
            {
                throw new InvalidOperationException($"Entry {entry.Position} does not follow {Next - 1}.");
            }

            Add(entry);
            Next++;
        }
    }

    private void Add(LedgerEntry entry)
    {
        var header = entry.Header;
        var aboutCylinder = header.Kind is >= 20 and < 60;
        entries.Add(new(entry.Position, texts.Add(aboutCylinder ? header.Subject : string.Empty), header.RecordedAtMicros, header.Kind, names.NumberOf(header.Station), names.NumberOf(header.Region)));
        if (header.Kind <= (int)FillingEntry.BodyOneofCase.FillVoided)
        {
            AddFilling(entries[^1], header, Fillings.ParseFrom(entry.Payload.Span));
        }
        else
        {
            Register.Add(entry.Position, entry.ParseEvent());
        }
    }

    private void AddFilling(PackedEntryRow entry, EntryHeader header, FillingEntry happened)
    {
        days.Add(header, happened);
        switch (happened.BodyCase)
        {
            case FillingEntry.BodyOneofCase.PermitIssued:
                permits.Issue(entry.CylinderId, happened.PermitIssued.Terms);
                break;
            case FillingEntry.BodyOneofCase.FillBegun:
                permits.Begin(happened.FillBegun);
                break;
            case FillingEntry.BodyOneofCase.ScanRefused:
                AddFindings(refusals, entry, happened.ScanRefused.Findings);
                break;
            case FillingEntry.BodyOneofCase.FillCompleted:
                Fill(entry, header, happened.FillCompleted);
                break;
            case FillingEntry.BodyOneofCase.FillAborted:
                permits.Close(happened.FillAborted.PermitId, happened.FillAborted.PermitDeadline);
                break;
            case FillingEntry.BodyOneofCase.PermitExpired:
                permits.Close(happened.PermitExpired.PermitId, happened.PermitExpired.ExpiredAt);
                break;
            case FillingEntry.BodyOneofCase.FillVoided:
                voidedFills.Add(new(happened.FillVoided.PermitId, entry.Position, happened.FillVoided.Reason));
                break;
            default:
                break;
        }
    }

    private void Fill(PackedEntryRow entry, EntryHeader header, FillCompletedEntry fill)
    {
        if (fill.ConsumesPermit)
        {
            permits.Close(fill.Report.PermitId, fill.PermitDeadline);
        }

        fills.Add(new(
            entry.Position, texts.Add(fill.Report.PermitId), entry.CylinderId, texts.Add(fill.Code), entry.Station, entry.Region, names.NumberOf(fill.Report.TerminalId),
            names.NumberOf(fill.Report.GunId), names.NumberOf(fill.OperatorId), names.NumberOf(header.Gas), names.NumberOf(fill.GasBatchId), fill.Report.GrossMassG, fill.TareG, fill.NetMassG,
            fill.MaxNetMassG, header.RecordedAtMicros));
        AddFindings(violations, entry, fill.Violations);
        foreach (var finding in fill.Violations)
        {
            if (header.Subject.Length > 0 && finding.Violation is ViolationCode.Overfilled or ViolationCode.PostfillCheckFailed)
            {
                var kind = finding.Violation == ViolationCode.Overfilled ? HoldKind.Overfilled : HoldKind.PostfillFailed;
                Register.Hold(new(header.Subject, (int)kind, finding.Code, entry.Position));
            }
        }
    }

    private void AddFindings(List<PackedFindingRow> rows, PackedEntryRow entry, IEnumerable<FindingEntry> findings)
    {
        foreach (var finding in findings)
        {
            rows.Add(new(entry.Position, entry.CylinderId, entry.RecordedAtMicros, names.NumberOf(finding.Code), entry.Station));
        }
    }

    private EntryRow Read(PackedEntryRow row) => new(row.Position, row.Kind, texts.Read(row.CylinderId), names[row.Station], names[row.Region], row.RecordedAtMicros);

    private FillRow Read(PackedFillRow row) => new(
        row.Position, texts.Read(row.PermitId), texts.Read(row.CylinderId), texts.Read(row.Code), names[row.Station], names[row.Region], names[row.Terminal], names[row.Gun],
        names[row.Operator], names[row.Gas], names[row.GasBatch], row.GrossMassG, row.TareG, row.NetMassG, row.MaxNetMassG, row.RecordedAtMicros);

    private FindingRow Read(PackedFindingRow row) => new(names[row.Code], row.Position, texts.Read(row.CylinderId), names[row.Station], row.RecordedAtMicros);
}
