using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Tailing;

/// <summary>Reads the ledger from a position on: from the tail's window while it can, else from the store.</summary>
public class LedgerReader(ILedgerStore store, LedgerTail tail)
{
    /// <summary>The next position.</summary>
    public long Head => tail.Head;

    /// <summary>
    /// The next position, as far as a position that a client holds: when this node has not heard of so many entries, another
    /// may have given them, and the store is asked.
    /// </summary>
    public async ValueTask<long> HeadForAsync(long held, CancellationToken cancellationToken) =>
        held <= tail.Head ? tail.Head : await store.GetHeadAsync(cancellationToken);

    /// <summary>Entries from a position on, at most so many; and whether they came live.</summary>
    public virtual async ValueTask<(IReadOnlyList<LedgerEntry> Entries, bool Live)> ReadAsync(long from, int limit, CancellationToken cancellationToken) =>
        TryReadLive(from, limit) is { } live
            ? (live, true)
            : (await store.ReadAsync(from, limit, cancellationToken), false);

    /// <summary>Entries from the tail's window, or null when the position has fallen out of it.</summary>
    public virtual IReadOnlyList<LedgerEntry>? TryReadLive(long from, int limit)
    {
        List<LedgerEntry> live = [];
        return tail.TryRead(from, limit, live) ? live : null;
    }

    /// <summary>Completes when there is something to read at a position, or the time is up.</summary>
    public async Task WaitAsync(long position, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            // Time-outs are cut to whole milliseconds: what is left of one would be none, and the caller would ask in a circle.
            var whole = TimeSpan.FromMilliseconds(Math.Ceiling(timeout.TotalMilliseconds));
            await tail.WaitBeyondAsync(position).WaitAsync(whole, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The caller looks again, and sends its heartbeat.
        }
    }

    /// <summary>
    /// The first position whose entry may have been recorded at or after a time. Clocks of nodes differ a little, so the
    /// search starts earlier by a margin, and a few older entries may come first.
    /// </summary>
    public async Task<long> FindAsync(DateTimeOffset recordedSince, CancellationToken cancellationToken)
    {
        var micros = (recordedSince - ClockMargin).ToUnixTimeMilliseconds() * 1_000;
        long low = 0, high = tail.Head;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var entries = await store.ReadAsync(middle, 1, cancellationToken);
            if (entries.Count > 0 && entries[0].Header.RecordedAtMicros < micros)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>
    /// A position from which on no entry was recorded before a time; entries in front of it may have been recorded later. The
    /// greatest of all when this node has not heard of an entry that late: another may have appended more meanwhile.
    /// </summary>
    public async Task<long> FindEndAsync(DateTimeOffset recordedBefore, CancellationToken cancellationToken)
    {
        var heard = tail.Head;
        var end = await FindAsync(recordedBefore + (2 * ClockMargin), cancellationToken);
        return end < heard ? end : long.MaxValue;
    }

    private static readonly TimeSpan ClockMargin = TimeSpan.FromSeconds(5);
}
