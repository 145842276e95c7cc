using System.Text;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Tailing;

/// <summary>
/// A window of entries packed into few large arrays that are used again and again. Kept as objects they would be most of what
/// outlives a young collection, and the collector would carry each of them twice. One caller at a time.
/// </summary>
/// <param name="entriesMax">Entries that it holds at most.</param>
internal sealed class PackedEntries(int entriesMax)
{
    // From this size on the collector leaves an array where it is; and the largest entry with its header fits.
    private const int ChunkBytes = 128 * 1_024;
    private const int HeaderBytesMax = ChunkBytes - LedgerLimits.EntryBytesMax;
    private readonly List<byte[]> chunks = [];
    private readonly Stack<int> free = [];
    private Place[] places = [];
    private long first;
    private int current = -1;
    private int used;

    /// <summary>Bytes of the entries' events.</summary>
    public long PayloadBytes { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes in the entry that follows.</summary>
    public void Add(LedgerEntry entry)
    {
        if (Count == 0)
        {
            first = entry.Position;
        }

        if (Count == places.Length)
        {
            Grow();
        }

        places[entry.Position % places.Length] = Write(entry);
        PayloadBytes += entry.Payload.Length;
        Count++;
    }

    /// <summary>Drops the oldest entry.</summary>
    public void DropFirst()
    {
        var dropped = At(first++);
        PayloadBytes -= dropped.PayloadBytes;
        Count--;
        if (dropped.Chunk != (Count > 0 ? At(first).Chunk : current))
        {
            free.Push(dropped.Chunk);
        }
    }

    /// <summary>An entry of the window, as an object of its own.</summary>
    public LedgerEntry Read(long position)
    {
        var place = At(position);
        var rest = chunks[place.Chunk].AsSpan(place.Offset);
        var header = new EntryHeader(place.Kind, Text(ref rest, place.Subject), Text(ref rest, place.Station), Text(ref rest, place.Region), Text(ref rest, place.Gas), place.RecordedAtMicros);
        return new LedgerEntry(position, header, rest[..place.PayloadBytes].ToArray());
    }

    private ref Place At(long position) => ref places[position % places.Length];

    private Place Write(LedgerEntry entry)
    {
        var header = entry.Header;
        if (current < 0 || ChunkBytes - used < entry.Payload.Length + HeaderBytes(header))
        {
            TakeChunk();
        }

        var start = used;
        var chunk = chunks[current].AsSpan();
        var place = new Place
        {
            Chunk = current,
            Offset = start,
            PayloadBytes = entry.Payload.Length,
            Kind = header.Kind,
            RecordedAtMicros = header.RecordedAtMicros,
            Subject = Put(chunk, header.Subject),
            Station = Put(chunk, header.Station),
            Region = Put(chunk, header.Region),
            Gas = Put(chunk, header.Gas),
        };
        entry.Payload.Span.CopyTo(chunk[used..]);
        used += entry.Payload.Length;
        return place;
    }

    private static int HeaderBytes(EntryHeader header)
    {
        var bytes = Bytes(header.Subject) + Bytes(header.Station) + Bytes(header.Region) + Bytes(header.Gas);
        return bytes <= HeaderBytesMax ? bytes : throw new InvalidOperationException($"An entry's header has {bytes} bytes; at most {HeaderBytesMax} are allowed.");
    }

    private static int Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private ushort Put(Span<byte> chunk, string? text)
    {
        var bytes = text is null ? 0 : Encoding.UTF8.GetBytes(text, chunk[used..]);
        used += bytes;
        return checked((ushort)bytes);
    }

    private static string Text(ref Span<byte> rest, int bytes)
    {
        var text = Encoding.UTF8.GetString(rest[..bytes]);
        rest = rest[bytes..];
        return text;
    }

    private void TakeChunk()
    {
        used = 0;
        if (current >= 0 && Count == 0)
        {
            // All that was in it is gone.
            return;
        }

        if (!free.TryPop(out current))
        {
            current = chunks.Count;
            chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkBytes));
        }
    }

    private void Grow()
    {
        var grown = new Place[Math.Clamp(places.Length * 2, Math.Min(256, entriesMax), entriesMax)];
        for (var position = first; position < first + Count; position++)
        {
            grown[position % grown.Length] = At(position);
        }

        places = grown;
    }

    // No references: the collector does not look into it.
    private struct Place
    {
        public int Chunk;
        public int Offset;
        public int PayloadBytes;
        public int Kind;
        public long RecordedAtMicros;
        public ushort Subject;
        public ushort Station;
        public ushort Region;
        public ushort Gas;
    }
}
