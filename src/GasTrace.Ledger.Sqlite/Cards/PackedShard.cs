using System.Runtime.CompilerServices;
using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>A hash table whose keys and states lie in arrays of bytes, behind one gate.</summary>
internal sealed class PackedShard
{
    // From this size on the collector leaves an array where it is.
    private const int ChunkBytes = 128 * 1_024;

    // A card that changes again mostly stays about as long.
    private const int StateStepBytes = 32;

    // Longer states are few, and not worth a list for each length.
    private const int OutgrownStepsMax = 256;
    private const int None = -1;

    // A slot, and two entries of the table that leads to it.
    private static readonly int SlotBytes = Unsafe.SizeOf<Slot>() + (2 * sizeof(ulong));
    private readonly Lock gate = new();
    private readonly List<byte[]> chunks = [];

    // Stretches of states that outgrew them, by length in steps: a card grows with its permit, and the next one takes its place.
    private readonly List<Stack<Stretch>> outgrown = [];
    private int chunk;
    private int used;
    private long bytesTaken;

    // Open addressing, at most half full: a hash in the upper half of each entry, the slot behind it, counted from one, in the
    // lower; 0 is free. Most look-ups are of cards that are not here, and end without a look at slots or keys.
    private ulong[] entries = [];
    private Slot[] slots = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that they take: keys, stretches of states in use or outgrown, and where they lie.</summary>
    public long Bytes => Volatile.Read(ref bytesTaken);

    /// <summary>Takes a card in; false when it replaced an older one.</summary>
    public bool Put(CardKey key, long version, ReadOnlySpan<byte> state)
    {
        lock (gate)
        {
            var index = Find(key);
            var isNew = index == None;
            if (isNew)
            {
                index = Add(key);
            }

            ref var slot = ref slots[index];
            if (state.Length > slot.State.Bytes)
            {
                Free(slot.State);
                slot.State = AllocateState((state.Length + StateStepBytes - 1) / StateStepBytes);
            }

            state.CopyTo(At(slot.State));
            (slot.Version, slot.StateBytes) = (version, state.Length);
            return isNew;
        }
    }

    /// <summary>A card, its state copied: it may be replaced at any time.</summary>
    public bool TryGet(CardKey key, out long version, out byte[] state)
    {
        lock (gate)
        {
            if (Find(key) is var index && index == None)
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
            Array.Clear(entries);
            outgrown.ForEach(stretches => stretches.Clear());
            (Count, chunk, used) = (0, 0, 0);
            Volatile.Write(ref bytesTaken, 0);
        }
    }

    private int Find(CardKey key)
    {
        if (entries.Length == 0)
        {
            return None;
        }

        var hash = (uint)key.GetHashCode();
        for (var at = StartOf(hash); entries[at] is var entry && entry != 0; at = Following(at))
        {
            if (entry >> 32 == hash && IsKeyOf(key, (int)(uint)entry - 1))
            {
                return (int)(uint)entry - 1;
            }
        }

        return None;
    }

    private bool IsKeyOf(CardKey key, int index)
    {
        Span<byte> buffer = stackalloc byte[Utf8Text.BufferBytes];
        return KeyAt(index).SequenceEqual(Utf8Text.Of(key.Value, buffer));
    }

    private int Add(CardKey key)
    {
        if (Count == slots.Length)
        {
            Grow();
        }

        Span<byte> buffer = stackalloc byte[Utf8Text.BufferBytes];
        var bytes = Utf8Text.Of(key.Value, buffer);
        var place = Allocate(bytes.Length);
        bytes.CopyTo(At(place));
        slots[Count] = new Slot { Hash = (uint)key.GetHashCode(), Key = place };
        Enter(Count);
        Take(SlotBytes);
        return Count++;
    }

    private void Enter(int index)
    {
        var at = StartOf(slots[index].Hash);
        while (entries[at] != 0)
        {
            at = Following(at);
        }

        entries[at] = ((ulong)slots[index].Hash << 32) | (uint)(index + 1);
    }

    private Span<byte> At(Stretch stretch) => chunks[stretch.Chunk].AsSpan(stretch.Offset, stretch.Bytes);

    private void Free(Stretch state)
    {
        var steps = state.Bytes / StateStepBytes;
        if (steps is 0 or > OutgrownStepsMax)
        {
            return;
        }

        while (outgrown.Count <= steps)
        {
            outgrown.Add(new Stack<Stretch>());
        }

        outgrown[steps].Push(state);
    }

    private Stretch AllocateState(int steps) =>
        steps < outgrown.Count && outgrown[steps].TryPop(out var stretch) ? stretch : Allocate(steps * StateStepBytes);

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
        Take(bytes);
        return stretch;
    }

    private void Take(int bytes) => Volatile.Write(ref bytesTaken, bytesTaken + bytes);

    private void Grow()
    {
        Array.Resize(ref slots, Math.Max(256, slots.Length * 2));
        entries = new ulong[slots.Length * 2];
        for (var index = 0; index < Count; index++)
        {
            Enter(index);
        }
    }

    // The lower bits chose the shard.
    private int StartOf(uint hash) => (int)(hash >> 3) & (entries.Length - 1);

    private int Following(int at) => (at + 1) & (entries.Length - 1);

    private struct Stretch
    {
        public int Chunk;
        public int Offset;
        public int Bytes;
    }

    // No references: the collector does not look into it.
    private struct Slot
    {
        public uint Hash;
        public long Version;
        public int StateBytes;
        public Stretch Key;
        public Stretch State;
    }
}
