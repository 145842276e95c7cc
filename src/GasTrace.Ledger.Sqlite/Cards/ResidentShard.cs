using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>A hash table of cards in a bounded number of chunks, behind one gate. When all are full the oldest is emptied.</summary>
/// <param name="chunksMax">How many chunks it may fill.</param>
/// <param name="evictions">Counts the chunks that were emptied, here and in the shards beside.</param>
internal sealed class ResidentShard(int chunksMax, EvictionCount evictions)
{
    /// <summary>From this size on the collector leaves an array where it is.</summary>
    public const int ChunkBytes = 128 * 1_024;

    // Larger ones are few, and read from their table each time. Only their versions are here, so that no older state is taken for theirs.
    private const int StateBytesMax = ChunkBytes / 4;
    private const int NotHere = -1;
    private const int RecordStepBytes = 8;
    private const int None = -1;
    private static readonly int HeadBytes = Unsafe.SizeOf<RecordHead>();
    private readonly Lock gate = new();
    private readonly List<byte[]> chunks = [];
    private readonly List<int> filled = [];
    private int chunk = None;

    // Open addressing, at most three quarters full: a tag in the upper half of each entry, in the lower where the record lies,
    // in steps and counted from one; 0 is free. A record that no entry leads to any more was replaced by a longer one.
    private ulong[] entries = new ulong[256];
    private int count;

    /// <summary>A card, its state copied: it may be replaced at any time.</summary>
    public bool TryGet(uint tag, ReadOnlySpan<byte> key, out long version, out byte[] state)
    {
        lock (gate)
        {
            if (Find(tag, key) is var at && at != None && RecordAt(entries[at]) is var record && HeadOf(record) is { StateBytes: not NotHere } head)
            {
                (version, state) = (head.Version, record.Slice(HeadBytes + head.KeyBytes, head.StateBytes).ToArray());
                return true;
            }

            (version, state) = (0, []);
            return false;
        }
    }

    /// <summary>Takes a card in, in place of whatever is known of it.</summary>
    public void Put(uint tag, ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state)
    {
        lock (gate)
        {
            Put(tag, key, version, state, Find(tag, key));
        }
    }

    /// <summary>Takes a card in that was read, unless a newer one is here, or may have been: then a chunk was emptied since.</summary>
    public void Offer(uint tag, ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state, long evictionsBefore)
    {
        lock (gate)
        {
            var at = Find(tag, key);
            if (evictions.Value == evictionsBefore && (at == None || HeadOf(RecordAt(entries[at])).Version < version))
            {
                Put(tag, key, version, state, at);
            }
        }
    }

    private void Put(uint tag, ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state, int at)
    {
        var isHere = state.Length <= StateBytesMax;
        var bytes = HeadBytes + key.Length + (isHere ? state.Length : 0);
        if (at != None)
        {
            var known = RecordAt(entries[at]);
            if (bytes <= known.Length)
            {
                Write(known, tag, key, version, state, isHere);
                return;
            }

            Remove(at);
        }

        var record = Allocate(tag, (bytes + RecordStepBytes - 1) / RecordStepBytes * RecordStepBytes);
        Write(record, tag, key, version, state, isHere);
    }

    private Span<byte> Allocate(uint tag, int bytes)
    {
        if (chunk == None || ChunkBytes - filled[chunk] < bytes)
        {
            BeginChunk();
        }

        if (count >= entries.Length / 4 * 3)
        {
            Grow();
        }

        var offset = filled[chunk];
        filled[chunk] += bytes;
        Enter(((ulong)tag << 32) | AddressOf(chunk, offset));
        count++;
        return chunks[chunk].AsSpan(offset, bytes);
    }

    private void BeginChunk()
    {
        chunk++;
        if (chunk == chunks.Count && chunk < chunksMax)
        {
            chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkBytes));
            filled.Add(0);
            return;
        }

        chunk %= chunksMax;
        Empty(chunk);
    }

    private void Empty(int oldest)
    {
        evictions.Add();
        for (var offset = 0; offset < filled[oldest];)
        {
            var head = HeadOf(chunks[oldest].AsSpan(offset));
            var entry = ((ulong)head.Tag << 32) | AddressOf(oldest, offset);
            var at = StartOf(head.Tag);
            while (entries[at] != entry && entries[at] != 0)
            {
                at = Following(at);
            }

            if (entries[at] != 0)
            {
                Remove(at);
            }

            offset += head.Steps * RecordStepBytes;
        }

        filled[oldest] = 0;
    }

    private int Find(uint tag, ReadOnlySpan<byte> key)
    {
        for (var at = StartOf(tag); entries[at] is var entry && entry != 0; at = Following(at))
        {
            if (entry >> 32 == tag)
            {
                var record = RecordAt(entry);
                if (record.Slice(HeadBytes, HeadOf(record).KeyBytes).SequenceEqual(key))
                {
                    return at;
                }
            }
        }

        return None;
    }

    private void Enter(ulong entry)
    {
        var at = StartOf((uint)(entry >> 32));
        while (entries[at] != 0)
        {
            at = Following(at);
        }

        entries[at] = entry;
    }

    // Those behind it move up where they may, so that no search ends before what it looks for.
    private void Remove(int at)
    {
        var mask = entries.Length - 1;
        for (var next = Following(at); entries[next] != 0; next = Following(next))
        {
            var passed = (next - StartOf((uint)(entries[next] >> 32))) & mask;
            if (passed >= ((next - at) & mask))
            {
                entries[at] = entries[next];
                at = next;
            }
        }

        entries[at] = 0;
        count--;
    }

    private void Grow()
    {
        var before = entries;
        entries = new ulong[before.Length * 2];
        foreach (var entry in before)
        {
            if (entry != 0)
            {
                Enter(entry);
            }
        }
    }

    private Span<byte> RecordAt(ulong entry)
    {
        var step = (int)((uint)entry - 1);
        var rest = chunks[step / (ChunkBytes / RecordStepBytes)].AsSpan(step % (ChunkBytes / RecordStepBytes) * RecordStepBytes);
        return rest[..(HeadOf(rest).Steps * RecordStepBytes)];
    }

    private static uint AddressOf(int chunk, int offset) => (uint)((((long)chunk * ChunkBytes) + offset) / RecordStepBytes) + 1;

    private static RecordHead HeadOf(ReadOnlySpan<byte> record) => MemoryMarshal.Read<RecordHead>(record);

    private static void Write(Span<byte> record, uint tag, ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state, bool isHere)
    {
        MemoryMarshal.Write(record, new RecordHead
        {
            Version = version,
            Tag = tag,
            StateBytes = isHere ? state.Length : NotHere,
            KeyBytes = checked((ushort)key.Length),
            Steps = (ushort)(record.Length / RecordStepBytes),
        });
        key.CopyTo(record[HeadBytes..]);
        if (isHere)
        {
            state.CopyTo(record[(HeadBytes + key.Length)..]);
        }
    }

    private int StartOf(uint tag) => (int)tag & (entries.Length - 1);

    private int Following(int at) => (at + 1) & (entries.Length - 1);

    // Key and state lie behind it: a look-up that finds its card reads one place in memory after the entry.
    private struct RecordHead
    {
        public long Version;
        public uint Tag;
        public int StateBytes;
        public ushort KeyBytes;
        public ushort Steps;
    }
}
