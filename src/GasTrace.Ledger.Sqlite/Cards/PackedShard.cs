namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>A hash table whose keys and states lie in arrays of bytes, behind one gate.</summary>
internal sealed class PackedShard
{
    // From this size on the collector leaves an array where it is.
    private const int ChunkBytes = 128 * 1_024;

    // A card that changes again mostly stays about as long.
    private const int StateStepBytes = 32;
    private const int None = -1;
    private readonly Lock gate = new();
    private readonly List<byte[]> chunks = [];
    private int chunk;
    private int used;
    private int[] buckets = [];
    private Slot[] slots = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a card in; false when it replaced an older one.</summary>
    public bool Put(int hash, ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state)
    {
        lock (gate)
        {
            var index = Find(hash, key);
            var isNew = index == None;
            if (isNew)
            {
                index = Add(hash, key);
            }

            ref var slot = ref slots[index];
            if (isNew || state.Length > slot.State.Bytes)
            {
                slot.State = Allocate((state.Length + StateStepBytes - 1) / StateStepBytes * StateStepBytes);
            }

            state.CopyTo(At(slot.State));
            (slot.Version, slot.StateBytes) = (version, state.Length);
            return isNew;
        }
    }

    /// <summary>A card, its state copied: it may be replaced at any time.</summary>
    public bool TryGet(int hash, ReadOnlySpan<byte> key, out long version, out byte[] state)
    {
        lock (gate)
        {
            if (Find(hash, key) is var index && index == None)
            {
                (version, state) = (0, []);
                return false;
            }

            (version, state) = (VersionAt(index), StateAt(index).ToArray());
            return true;
        }
    }

    /// <summary>The key of one that is not being changed.</summary>
    public ReadOnlySpan<byte> KeyAt(int index) => At(slots[index].Key);

    /// <summary>Its version.</summary>
    public long VersionAt(int index) => slots[index].Version;

    /// <summary>Its state.</summary>
    public ReadOnlySpan<byte> StateAt(int index) => At(slots[index].State)[..slots[index].StateBytes];

    /// <summary>Forgets all; the arrays are kept.</summary>
    public void Clear()
    {
        lock (gate)
        {
            Array.Fill(buckets, None);
            (Count, chunk, used) = (0, 0, 0);
        }
    }

    private int Find(int hash, ReadOnlySpan<byte> key)
    {
        var index = buckets.Length == 0 ? None : buckets[BucketOf(hash)];
        while (index != None && (slots[index].Hash != hash || !KeyAt(index).SequenceEqual(key)))
        {
            index = slots[index].Next;
        }

        return index;
    }

    private int Add(int hash, ReadOnlySpan<byte> key)
    {
        if (Count == slots.Length)
        {
            Grow();
        }

        var place = Allocate(key.Length);
        key.CopyTo(At(place));
        ref var bucket = ref buckets[BucketOf(hash)];
        slots[Count] = new Slot { Hash = hash, Next = bucket, Key = place };
        return bucket = Count++;
    }

    private Span<byte> At(Stretch stretch) => chunks[stretch.Chunk].AsSpan(stretch.Offset, stretch.Bytes);

    private Stretch Allocate(int bytes)
    {
        while (chunk < chunks.Count && chunks[chunk].Length - used < bytes)
        {
            (chunk, used) = (chunk + 1, 0);
        }

        if (chunk == chunks.Count)
        {
            chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, bytes)));
        }

        var stretch = new Stretch { Chunk = chunk, Offset = used, Bytes = bytes };
        used += bytes;
        return stretch;
    }

    private void Grow()
    {
        Array.Resize(ref slots, Math.Max(256, slots.Length * 2));
        buckets = new int[slots.Length];
        Array.Fill(buckets, None);
        for (var index = 0; index < Count; index++)
        {
            ref var bucket = ref buckets[BucketOf(slots[index].Hash)];
            slots[index].Next = bucket;
            bucket = index;
        }
    }

    // The lower bits chose the shard.
    private int BucketOf(int hash) => (int)(((uint)hash >> 3) & (uint)(buckets.Length - 1));

    private struct Stretch
    {
        public int Chunk;
        public int Offset;
        public int Bytes;
    }

    // No references: the collector does not look into it.
    private struct Slot
    {
        public int Hash;
        public int Next;
        public long Version;
        public int StateBytes;
        public Stretch Key;
        public Stretch State;
    }
}
