using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Tailing;

/// <summary>
/// The newest entries of the ledger, shared by all of a node who read live. One bounded window drops its oldest entries: a reader
/// that is slower finds its position gone, reads on from the store, and comes back; it never slows the writer or the others.
/// Its positions are dense: what this node wrote behind another node's entries waits until those have been read from the store.
/// </summary>
public sealed class LedgerTail
{
    // Those who keep up share these; who is a little behind is given copies.
    private const int SharedMax = 1_024;

    // A reader of many lets the writer in between.
    private const int CopiedTogether = 64;
    private readonly Lock gate = new();
    private readonly LedgerEntry?[] newest;
    private readonly PackedEntries window;
    private readonly int entriesMax;
    private readonly long bytesMax;
    private readonly Queue<IReadOnlyList<LedgerEntry>> ahead = [];
    private int entriesAhead;
    private long head;
    private TaskCompletionSource moved = NewSignal();

    /// <summary>A tail that begins at the head.</summary>
    /// <param name="head">The next position.</param>
    /// <param name="entriesMax">Entries to keep.</param>
    /// <param name="bytesMax">Bytes to keep.</param>
    public LedgerTail(long head, int entriesMax = LedgerLimits.TailEntriesMax, long bytesMax = LedgerLimits.TailBytesMax)
    {
        this.head = head;
        newest = new LedgerEntry?[Math.Min(entriesMax, SharedMax)];
        window = new PackedEntries(entriesMax);
        (this.entriesMax, this.bytesMax) = (entriesMax, bytesMax);
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

    /// <summary>Reads live entries; false, and none, when the position has fallen out of the window: then the store has it.</summary>
    public bool TryRead(long from, int limit, List<LedgerEntry> into)
    {
        var position = from;
        bool more;
        do
        {
            lock (gate)
            {
                if (position < head - window.Count)
                {
                    into.Clear();
                    return false;
                }

                var end = Math.Min(head, from + limit);
                var shared = head - newest.Length;
                for (var copies = 0; position < end && copies < CopiedTogether; position++)
                {
                    if (position >= shared)
                    {
                        into.Add(newest[position % newest.Length]!);
                    }
                    else
                    {
                        into.Add(window.Read(position));
                        copies++;
                    }
                }

                more = position < end;
            }
        }
        while (more);
        return true;
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
        if (entriesAhead + entries.Count <= entriesMax)
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
        while (window.Count > 0 && (window.Count >= entriesMax || window.PayloadBytes + entry.Payload.Length > bytesMax))
        {
            Drop();
        }

        window.Add(entry);
        newest[head % newest.Length] = entry;
        Interlocked.Exchange(ref head, head + 1);
    }

    private void Drop()
    {
        var dropped = head - window.Count;
        window.DropFirst();
        if (dropped >= head - newest.Length)
        {
            newest[dropped % newest.Length] = null;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
