using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Tailing;

/// <summary>
/// The newest entries of a node, shared by all who read live. One bounded window drops its oldest entries: a reader that is
/// slower finds its position gone, reads on from the store, and comes back; it never slows the writer or the others.
/// </summary>
public sealed class LedgerTail
{
    private readonly Lock gate = new();
    private readonly LedgerEntry?[] ring;
    private readonly long bytesMax;
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

    /// <summary>Takes in entries that follow the head without a gap.</summary>
    public void Publish(IReadOnlyList<LedgerEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        TaskCompletionSource signal;
        lock (gate)
        {
            if (entries[0].Position != head)
            {
                throw new InvalidOperationException($"Entry {entries[0].Position} does not follow the head {head}: positions are dense.");
            }

            foreach (var entry in entries)
            {
                Keep(entry);
            }

            signal = moved;
            moved = NewSignal();
        }

        signal.SetResult();
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
    public Task WaitBeyondAsync(long position)
    {
        lock (gate)
        {
            return head > position ? Task.CompletedTask : moved.Task;
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
