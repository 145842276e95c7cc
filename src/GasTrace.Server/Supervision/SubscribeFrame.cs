using System.Buffers;
using GasTrace.V1;
using Google.Protobuf;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Server.Supervision;

/// <summary>
/// A message of a subscription on its way out: either a small one as generated, or a batch of entries whose events are the
/// stored bytes. A length-delimited field is the same on the wire whether declared as a message or as bytes, so the contract
/// is typed and the server neither parses nor serialises what it sends.
/// </summary>
public sealed class SubscribeFrame
{
    private const uint BatchTag = (2 << 3) | 2;
    private const uint EntriesTag = (1 << 3) | 2;
    private const uint NextPositionTag = (2 << 3) | 0;
    private const uint EntryPositionTag = (1 << 3) | 0;
    private const uint EntryEventTag = (2 << 3) | 2;

    private readonly SubscribeResponse? message;
    private readonly IReadOnlyList<LedgerEntry> entries = [];
    private readonly long nextPosition;

    /// <summary>A small message.</summary>
    public SubscribeFrame(SubscribeResponse message) => this.message = message;

    /// <summary>A batch of entries.</summary>
    public SubscribeFrame(IReadOnlyList<LedgerEntry> entries, long nextPosition)
    {
        this.entries = entries;
        this.nextPosition = nextPosition;
    }

    /// <summary>Bytes of an entry in a batch, its length prefix aside.</summary>
    public static int SizeOf(LedgerEntry entry) =>
        1 + CodedOutputStream.ComputeInt64Size(entry.Position) + 1 + CodedOutputStream.ComputeLengthSize(entry.Payload.Length) + entry.Payload.Length;

    /// <summary>Bytes of the message.</summary>
    public int Size => message?.CalculateSize() ?? Framed(BatchSize);

    private int BatchSize
    {
        get
        {
            var size = 1 + CodedOutputStream.ComputeInt64Size(nextPosition);
            foreach (var entry in entries)
            {
                size += Framed(SizeOf(entry));
            }

            return size;
        }
    }

    /// <summary>Writes the message, of exactly <see cref="Size"/> bytes.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        if (message is not null)
        {
            message.WriteTo(output);
            return;
        }

        var writer = new VarintWriter(output);
        writer.Number(BatchTag);
        writer.Number((ulong)BatchSize);
        foreach (var entry in entries)
        {
            writer.Number(EntriesTag);
            writer.Number((ulong)SizeOf(entry));
            writer.Number(EntryPositionTag);
            writer.Number((ulong)entry.Position);
            writer.Number(EntryEventTag);
            writer.Number((ulong)entry.Payload.Length);
            writer.Bytes(entry.Payload.Span);
        }

        writer.Number(NextPositionTag);
        writer.Number((ulong)nextPosition);
    }

    private static int Framed(int size) => 1 + CodedOutputStream.ComputeLengthSize(size) + size;

    private readonly ref struct VarintWriter(IBufferWriter<byte> output)
    {
        private const int VarintBytesMax = 10;

        public void Number(ulong value)
        {
            var span = output.GetSpan(VarintBytesMax);
            var written = 0;
            while (value >= 0x80)
            {
                span[written++] = (byte)(value | 0x80);
                value >>= 7;
            }

            span[written++] = (byte)value;
            output.Advance(written);
        }

        public void Bytes(ReadOnlySpan<byte> bytes) => output.Write(bytes);
    }
}
