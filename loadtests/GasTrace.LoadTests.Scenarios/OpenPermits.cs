using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace GasTrace.LoadTests.Scenarios;

/// <summary>
/// Permits that mere scans left open, as bytes in a row: kept as objects, thousands a second outlive a young collection, and the
/// load's own pauses of 10 to 20 ms are measured as the service's.
/// </summary>
internal sealed class OpenPermits
{
    private readonly Lock gate = new();
    private ArrayBufferWriter<byte> kept = new();

    /// <summary>Keeps one, with the caller that has it.</summary>
    public void Add(int caller, string permitId)
    {
        var length = Encoding.UTF8.GetByteCount(permitId);
        lock (gate)
        {
            var place = kept.GetSpan((2 * sizeof(int)) + length);
            BinaryPrimitives.WriteInt32LittleEndian(place, caller);
            BinaryPrimitives.WriteInt32LittleEndian(place[sizeof(int)..], length);
            Encoding.UTF8.GetBytes(permitId, place[(2 * sizeof(int))..]);
            kept.Advance((2 * sizeof(int)) + length);
        }
    }

    /// <summary>Hands out all that were kept, and keeps them no longer.</summary>
    public IEnumerable<(int Caller, string PermitId)> Take()
    {
        ReadOnlyMemory<byte> rest;
        lock (gate)
        {
            rest = kept.WrittenMemory;
            kept = new ArrayBufferWriter<byte>();
        }

        while (!rest.IsEmpty)
        {
            var caller = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span[sizeof(int)..]);
            yield return (caller, Encoding.UTF8.GetString(rest.Span.Slice(2 * sizeof(int), length)));
            rest = rest[((2 * sizeof(int)) + length)..];
        }
    }
}
