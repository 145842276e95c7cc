using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Ledger.Storage;

/// <summary>What readers filter by, taken from an event's header.</summary>
/// <param name="Kind">Number of the field in the event's body.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Station">Station, or empty.</param>
/// <param name="Region">Region, six digits, or empty.</param>
/// <param name="Gas">Gas, or empty.</param>
/// <param name="RecordedAtMicros">Microseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct EntryHeader(int Kind, string Subject, string Station, string Region, string Gas, long RecordedAtMicros)
{
    /// <summary>The header of an event.</summary>
    public static EntryHeader Of(Event happened) => new(
        (int)happened.BodyCase,
        happened.Subject,
        happened.StationId,
        happened.Region,
        happened.Gas,
        (happened.RecordedAt.Seconds * 1_000_000) + (happened.RecordedAt.Nanos / 1_000));
}

/// <summary>An entry to be appended.</summary>
/// <param name="Header">What readers filter by.</param>
/// <param name="Payload">The event's bytes: they are what is stored, hashed and sent.</param>
public sealed record NewEntry(EntryHeader Header, ReadOnlyMemory<byte> Payload);

/// <summary>An entry of the ledger.</summary>
/// <param name="position">Where it stands.</param>
/// <param name="header">What readers filter by.</param>
/// <param name="payload">The event's bytes exactly as stored.</param>
public sealed class LedgerEntry(long position, EntryHeader header, ReadOnlyMemory<byte> payload)
{

    /// <summary>Where it stands: 0, 1, 2, …</summary>
    public long Position => position;

    /// <summary>What readers filter by.</summary>
    public EntryHeader Header => header;

    /// <summary>The event's bytes exactly as stored.</summary>
    public ReadOnlyMemory<byte> Payload => payload;

    /// <summary>Reads the event. Not kept: the tail holds many entries, and parsed ones would outlive every young collection.</summary>
    public Event ParseEvent() => Event.Parser.ParseFrom(payload.Span);

    /// <summary>As the contract's message, for answers that are not streams.</summary>
    public V1.LedgerEntry ToMessage() => new() { Position = position, Event = ParseEvent() };
}
