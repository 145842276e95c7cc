namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>The hashes of the newest entries' cylinders, in order: those of which no run is written yet. Read by many, changed by one.</summary>
internal sealed class HistoryWindow
{
    private readonly Lock gate = new();
    private uint[] hashes = new uint[4_096];
    private long first;
    private int count;

    /// <summary>Position of the first.</summary>
    public long First => first;

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>Takes in the entries that follow; 0 for one that is about no cylinder.</summary>
    public void Add(ReadOnlySpan<uint> following)
    {
        lock (gate)
        {
            if (hashes.Length - count < following.Length)
            {
                Array.Resize(ref hashes, Math.Max(hashes.Length * 2, count + following.Length));
            }

            following.CopyTo(hashes.AsSpan(count));
            count += following.Length;
        }
    }

    /// <summary>A run has everything below a position, from which on the window begins, with the entries that follow.</summary>
    public void Begin(long position, ReadOnlySpan<uint> following)
    {
        lock (gate)
        {
            (first, count) = (position, 0);
            Add(following);
        }
    }

    /// <summary>Adds the positions of entries with a hash.</summary>
    public void AddTo(List<long> positions, uint hash)
    {
        lock (gate)
        {
            for (var from = 0; hashes.AsSpan(from, count - from).IndexOf(hash) is var found && found >= 0; from += found + 1)
            {
                positions.Add(first + from + found);
            }
        }
    }

    /// <summary>Adds what leads to each of its entries. For the thread that changes it.</summary>
    public void AddTo(List<HistoryItem> items) => AddTo(items, hashes.AsSpan(0, count), 0);

    /// <summary>Adds what leads to entries that are so far behind the first.</summary>
    public static void AddTo(List<HistoryItem> items, ReadOnlySpan<uint> hashes, int distance)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] != 0)
            {
                items.Add(new HistoryItem(hashes[i], distance + i));
            }
        }
    }
}
