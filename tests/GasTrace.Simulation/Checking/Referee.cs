using GasTrace.Ledger.InMemory;
using GasTrace.Simulation.Clockwork;
using GasTrace.V1;
using Google.Protobuf;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Simulation.Checking;

/// <summary>What the referee keeps of an entry.</summary>
internal readonly record struct Recorded(
    Event.BodyOneofCase Kind, string RequestId, string Subject, string Station, string Region, string PermitId, ulong Findings, ReadOnlyMemory<byte> Payload);

/// <summary>
/// Sees every entry as it is committed, every answer as a client gets it and every entry as a regulator gets it, and says at
/// once when they do not agree with each other or with the reference model.
/// </summary>
internal sealed class Referee(Scheduler scheduler, InMemoryLedgerStore ledger, History history, Action<string> broken)
{
    private const int BytesComparedEvery = 16;
    private readonly Dictionary<string, IMessage> requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> lastOfRequest = new(StringComparer.Ordinal);

    public ReferenceModel Model { get; } = new();

    /// <summary>Every entry, by its position.</summary>
    public List<Recorded> Entries { get; } = [];

    /// <summary>A client is about to ask this; the same request again is the same.</summary>
    public void Sent(string requestId, IMessage request) => requests[requestId] = request;

    /// <summary>Looks at what was appended since it looked last.</summary>
    public void Appended()
    {
        foreach (var entry in ledger.ReadAsync(Entries.Count, int.MaxValue, default).GetAwaiter().GetResult())
        {
            Take(entry);
        }
    }

    /// <summary>A client got an answer that says where it stands in the ledger.</summary>
    public void Answered(string requestId, IMessage request, long position, Event.BodyOneofCase kind, string permitId, ulong findings)
    {
        if (position < 0 || position >= Entries.Count)
        {
            broken($"An answer to {request.Descriptor.Name} {requestId} stands at {position}, and the ledger has {Entries.Count} entries.");
            return;
        }

        var entry = Entries[(int)position];

        // A report that was made before, word for word, is the same report, whatever its request was called.
        var same = entry.RequestId == requestId
            || (request is CompleteFillRequest again && requests[entry.RequestId] is CompleteFillRequest first && first.Report.Equals(again.Report));
        if (!same || entry.Kind != kind || (permitId.Length > 0 && entry.PermitId != permitId) || entry.Findings != findings)
        {
            broken($"The answer to {request.Descriptor.Name} {requestId} is {kind} {permitId} {findings:x}; entry {position} is {entry.Kind} {entry.PermitId} {entry.Findings:x} of request {entry.RequestId}.");
        }
    }

    /// <summary>A regulator got an entry. What it is about is compared each time, all of its bytes now and then: that costs much.</summary>
    public void Delivered(long position, Event happened)
    {
        var entry = position < Entries.Count ? Entries[(int)position] : default;
        if (entry.RequestId != happened.RequestId || entry.Subject != happened.Subject || entry.Kind != happened.BodyCase
            || (position % BytesComparedEvery == 0 && !entry.Payload.Span.SequenceEqual(happened.ToByteArray())))
        {
            broken($"A regulator was given another entry {position} than the ledger has.");
        }
    }

    private void Take(LedgerEntry entry)
    {
        var happened = entry.ParseEvent();
        if (entry.Position != Entries.Count)
        {
            broken($"The ledger is not dense: {entry.Position} comes after {Entries.Count - 1}.");
        }

        var recorded = new Recorded(
            happened.BodyCase, happened.RequestId, happened.Subject, happened.StationId, happened.Region, PermitOf(happened), FindingsOf(happened), entry.Payload);
        Entries.Add(recorded);
        var refused = happened.BodyCase == Event.BodyOneofCase.ScanRefused;
        history.Add("ledger", happened.BodyCase.ToString(), recorded.Subject, refused ? string.Join('+', happened.ScanRefused.Findings.Select(finding => (int)finding.Refusal)) : recorded.PermitId, recorded.RequestId);
        if (recorded.RequestId.Length > 0)
        {
            if (lastOfRequest.TryGetValue(recorded.RequestId, out var last) && last != Entries.Count - 2)
            {
                broken($"Request {recorded.RequestId} was done twice: at {last} and at {entry.Position}.");
            }

            lastOfRequest[recorded.RequestId] = Entries.Count - 1;
        }

        var request = requests.GetValueOrDefault(recorded.RequestId);
        if (request is null && happened.BodyCase != Event.BodyOneofCase.PermitExpired)
        {
            broken($"Nobody asked for entry {entry.Position}: {happened}");
            return;
        }

        var trueTime = VirtualClock.Start + scheduler.Elapsed;
        if (Model.Record(happened, request, trueTime.ToUnixTimeMilliseconds() / 1_000.0) is { Length: > 0 } wrong)
        {
            broken($"Entry {entry.Position}, {happened.BodyCase} of {happened.Subject}: {wrong}. Request: {request}. Entry: {happened}");
        }

        Note(recorded.Subject);
    }

    private void Note(string subject)
    {
        if (Model.Cylinders.TryGetValue(subject, out var cylinder))
        {
            cylinder.Changed = scheduler.Elapsed;
        }
    }

    private static string PermitOf(Event happened) => happened.BodyCase switch
    {
        Event.BodyOneofCase.PermitIssued => happened.PermitIssued.Terms.PermitId,
        Event.BodyOneofCase.FillBegun => happened.FillBegun.PermitId,
        Event.BodyOneofCase.FillCompleted => happened.FillCompleted.Report.PermitId,
        Event.BodyOneofCase.FillAborted => happened.FillAborted.PermitId,
        Event.BodyOneofCase.PermitExpired => happened.PermitExpired.PermitId,
        Event.BodyOneofCase.FillVoided => happened.FillVoided.PermitId,
        _ => string.Empty,
    };

    private static ulong FindingsOf(Event happened) => happened.BodyCase switch
    {
        Event.BodyOneofCase.ScanRefused => Bits(happened.ScanRefused.Findings),
        Event.BodyOneofCase.FillCompleted => Bits(happened.FillCompleted.Violations),
        _ => 0,
    };

    /// <summary>Findings as bits, whatever their kind: good enough to tell two sets apart.</summary>
    public static ulong Bits(IEnumerable<Finding> findings) =>
        findings.Aggregate(0UL, (bits, finding) => bits ^ (1UL << (((int)finding.Refusal * 7) + (int)finding.Violation) % 61));
}
