using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Tailing;

/// <summary>
/// The newest entries of the ledger, shared by all of a node who read live. One bounded window drops its oldest entries: a reader
/// that is slower finds its position gone, reads on from the store, and comes back; it never slows the writer or the others.
/// Its positions are dense: what this node wrote behind another node's entries waits until those have been read from the store.
/// </summary>
public sealed class LedgerTail
{
    private readonly Lock gate = new();
    private readonly LedgerEntry?[] ring;
    private readonly long bytesMax;
    private readonly Queue<IReadOnlyList<LedgerEntry>> ahead = [];
    private int entriesAhead;
    private long windowBytes;
    private long windowStart;
    private long head;
    private TaskCompletionSource moved = NewSignal();

    /// <summary>A tail that begins at the head.</summary>
    /// <param name="head">The next position.</param>
    /// <param name="entriesMax">Entries to keep.</param>
    /// <param name="bytesMax">Bytes to keep.</param>
    public LedgerTail(long head, int entriesMax = LedgerLimits.TailEntriesMax, long bytesMax = LedgerLimits.TailBytesMax)
    {
        this.head = head;
        ring = new LedgerEntry?[entriesMax];
        this.bytesMax = bytesMax;
        windowStart = head;
    }

    /// <summary>The next position: all before it are readable.</summary>
    public long Head => Interlocked.Read(ref head);

    /// <summary>The position of the first entry that waits for those before it; null when none waits.</summary>
    public long? WaitsFrom
    {
        get
        {
            lock (gate)
            {
                return ahead.TryPeek(out var first) ? first[0].Position : null;
            }
        }
    }

    /// <summary>
    /// Takes in entries that follow each other, in the order of their positions. Those that it has are passed over. Answers
    /// false when entries before them are missing: the store has these, and what waited joins when they come.
    /// </summary>
    public bool Publish(IReadOnlyList<LedgerEntry> entries)
    {
        if (entries.Count == 0)
        {
            return true;
        }

        TaskCompletionSource signal;
        lock (gate)
        {
            if (entries[0].Position > head)
            {
                Park(entries);
                return false;
            }

            Join(entries);
            while (ahead.TryPeek(out var next) && next[0].Position <= head)
            {
                entriesAhead -= next.Count;
                Join(ahead.Dequeue());
            }

            signal = moved;
            moved = NewSignal();
        }

        signal.SetResult();
        return true;
    }

    /// <summary>Reads live entries; false when the position has fallen out of the window: then the store has it.</summary>
    public bool TryRead(long from, int limit, List<LedgerEntry> into)
    {
        lock (gate)
        {
            if (from < windowStart)
            {
                return false;
            }

            for (var position = from; position < Math.Min(head, from + limit); position++)
            {
                into.Add(ring[position % ring.Length]!);
            }

            return true;
        }
    }

    /// <summary>Completes when the head is beyond a position.</summary>
    public async Task WaitBeyondAsync(long position)
    {
        // Awaited, not handed on: who puts a time-out on the signal itself would go on in the thread pool.
        await Signal(position);
    }

    private Task Signal(long position)
    {
        lock (gate)
        {
            return head > position ? Task.CompletedTask : moved.Task;
        }
    }

    // What does not fit is read from the store when its turn comes.
    private void Park(IReadOnlyList<LedgerEntry> entries)
    {
        if (entriesAhead + entries.Count <= ring.Length)
        {
            ahead.Enqueue(entries);
            entriesAhead += entries.Count;
        }
    }

    private void Join(IReadOnlyList<LedgerEntry> entries)
    {
        for (var i = (int)Math.Min(entries.Count, head - entries[0].Position); i < entries.Count; i++)
        {
            Keep(entries[i]);
        }
    }

    private void Keep(LedgerEntry entry)
    {
        while (windowStart < head && (head - windowStart >= ring.Length || windowBytes + entry.Payload.Length > bytesMax))
        {
            ref var oldest = ref ring[windowStart++ % ring.Length];
            windowBytes -= oldest!.Payload.Length;
            oldest = null;
        }

        ring[head % ring.Length] = entry;
        windowBytes += entry.Payload.Length;
        Interlocked.Exchange(ref head, head + 1);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
