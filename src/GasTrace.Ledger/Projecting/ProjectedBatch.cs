using GasTrace.Ledger.Storage;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Projecting;

/// <summary>
/// What a run of entries changes in the typed tables: each row once, in its last state, so that a store may write them set by
/// set in any order but one: holds are released before new ones are put.
/// </summary>
public sealed class ProjectedBatch
{
    // What is left out of an event is passed over, not kept.
    private static readonly MessageParser<FillingEntry> Fillings = FillingEntry.Parser.WithDiscardUnknownFields(true);
    private readonly List<EntryRow> entries = [];
    private readonly Dictionary<string, OpenPermitRow> openPermits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BegunPermitRow> begunPermits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> closedPermits = new(StringComparer.Ordinal);
    private readonly List<FillRow> fills = [];
    private readonly List<VoidedFillRow> voidedFills = [];
    private readonly List<FindingRow> refusals = [];
    private readonly List<FindingRow> violations = [];
    private readonly DayTally days = new();

    // Names of stations, terminals and the like, each kept once: rows live until they are written, and what lives is the collector's to carry.
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Nothing yet.</summary>
    /// <param name="from">Position of the first entry: how many entries the tables must hold.</param>
    public ProjectedBatch(long from) => From = Next = from;

    /// <summary>Position of the first entry: how many entries the tables must hold.</summary>
    public long From { get; }

    /// <summary>How many they hold afterwards.</summary>
    public long Next { get; private set; }

    /// <summary>Entries that were taken in.</summary>
    public int Count => entries.Count;

    /// <summary>Every entry.</summary>
    public IReadOnlyCollection<EntryRow> Entries => entries;

    /// <summary>Permits that are open and were not before.</summary>
    public IReadOnlyCollection<OpenPermitRow> OpenPermits => openPermits.Values;

    /// <summary>Permits that were open before and are begun now.</summary>
    public IReadOnlyCollection<BegunPermitRow> BegunPermits => begunPermits.Values;

    /// <summary>Permits that were open before and are no longer.</summary>
    public IReadOnlyCollection<string> ClosedPermits => closedPermits.Keys;

    /// <summary>Fills.</summary>
    public IReadOnlyCollection<FillRow> Fills => fills;

    /// <summary>Fills that were voided.</summary>
    public IReadOnlyCollection<VoidedFillRow> VoidedFills => voidedFills;

    /// <summary>Reasons of refusals.</summary>
    public IReadOnlyCollection<FindingRow> Refusals => refusals;

    /// <summary>Violations.</summary>
    public IReadOnlyCollection<FindingRow> Violations => violations;

    /// <summary>What changed on the register.</summary>
    public ProjectedRegister Register { get; } = new();

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
    public long DeadlineBefore(string closedPermit) => closedPermits[closedPermit];

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
        entries.Add(new(entry.Position, header.Kind, aboutCylinder ? header.Subject : string.Empty, Name(header.Station), Name(header.Region), header.RecordedAtMicros));
        if (header.Kind <= (int)FillingEntry.BodyOneofCase.FillVoided)
        {
            AddFilling(entry.Position, header, Fillings.ParseFrom(entry.Payload.Span));
        }
        else
        {
            Register.Add(entry.Position, entry.ParseEvent());
        }
    }

    private void AddFilling(long position, EntryHeader header, FillingEntry happened)
    {
        days.Add(header, happened);
        switch (happened.BodyCase)
        {
            case FillingEntry.BodyOneofCase.PermitIssued:
                var terms = happened.PermitIssued.Terms;
                openPermits[terms.PermitId] = new(terms.PermitId, header.Subject, Name(terms.StationId), Name(terms.TerminalId), Name(terms.GunId), Begun: false, terms.ExpiresAtUnixS);
                break;
            case FillingEntry.BodyOneofCase.FillBegun:
                Begin(happened.FillBegun);
                break;
            case FillingEntry.BodyOneofCase.ScanRefused:
                AddFindings(refusals, position, header, happened.ScanRefused.Findings);
                break;
            case FillingEntry.BodyOneofCase.FillCompleted:
                Fill(position, header, happened.FillCompleted);
                break;
            case FillingEntry.BodyOneofCase.FillAborted:
                Close(happened.FillAborted.PermitId, happened.FillAborted.PermitDeadline);
                break;
            case FillingEntry.BodyOneofCase.PermitExpired:
                Close(happened.PermitExpired.PermitId, happened.PermitExpired.ExpiredAt);
                break;
            case FillingEntry.BodyOneofCase.FillVoided:
                voidedFills.Add(new(happened.FillVoided.PermitId, position, happened.FillVoided.Reason));
                break;
            default:
                break;
        }
    }

    private void Begin(FillBegunEntry begun)
    {
        var deadline = begun.ReportBy.Seconds;
        if (openPermits.TryGetValue(begun.PermitId, out var open))
        {
            openPermits[begun.PermitId] = open with { Begun = true, DeadlineUnixSeconds = deadline };
        }
        else
        {
            var before = begunPermits.TryGetValue(begun.PermitId, out var earlier) ? earlier.DeadlineBeforeUnixSeconds : begun.PreviousDeadline?.Seconds ?? 0;
            begunPermits[begun.PermitId] = new(begun.PermitId, deadline, before);
        }
    }

    private void Close(string permitId, Timestamp? deadline)
    {
        if (begunPermits.Remove(permitId, out var begun))
        {
            closedPermits[permitId] = begun.DeadlineBeforeUnixSeconds;
        }
        else if (!openPermits.Remove(permitId))
        {
            closedPermits[permitId] = deadline?.Seconds ?? 0;
        }
    }

    private void Fill(long position, EntryHeader header, FillCompletedEntry fill)
    {
        if (fill.ConsumesPermit)
        {
            Close(fill.Report.PermitId, fill.PermitDeadline);
        }

        fills.Add(new(
            position, fill.Report.PermitId, header.Subject, fill.Code, Name(header.Station), Name(header.Region), Name(fill.Report.TerminalId), Name(fill.Report.GunId),
            Name(fill.OperatorId), Name(header.Gas), Name(fill.GasBatchId), fill.Report.GrossMassG, fill.TareG, fill.NetMassG, fill.MaxNetMassG, header.RecordedAtMicros));
        AddFindings(violations, position, header, fill.Violations);
        foreach (var finding in fill.Violations)
        {
            if (header.Subject.Length > 0 && finding.Violation is ViolationCode.Overfilled or ViolationCode.PostfillCheckFailed)
            {
                var kind = finding.Violation == ViolationCode.Overfilled ? HoldKind.Overfilled : HoldKind.PostfillFailed;
                Register.Hold(new(header.Subject, (int)kind, finding.Code, position));
            }
        }
    }

    private void AddFindings(List<FindingRow> rows, long position, EntryHeader header, IEnumerable<FindingEntry> findings)
    {
        foreach (var finding in findings)
        {
            rows.Add(new(Name(finding.Code), position, header.Subject, Name(header.Station), header.RecordedAtMicros));
        }
    }

    private string Name(string name)
    {
        if (names.TryGetValue(name, out var known))
        {
            return known;
        }

        names.Add(name);
        return name;
    }
}
