using System.Threading.Channels;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;

namespace GasTrace.Ledger.Writing;

/// <summary>Told of a batch that was committed and published.</summary>
/// <param name="last">The batch's last entry: the ledger holds all up to it.</param>
/// <param name="whole">False when the tail misses entries of other nodes that come before the batch.</param>
public delegate void BatchWritten(LedgerEntry last, bool whole);

/// <summary>
/// The one writer of a node. Batches are as large as what has queued up while the last commit ran: no timer, no artificial
/// delay. While one batch is written the next is announced, and the store fetches its units when it gets to them: between two
/// commits nobody waits for a turn of the pool, which is long when the machine is busy. An answer comes only after the
/// commit; a full queue answers at once instead of growing.
/// </summary>
public sealed class LedgerWriter : IAsyncDisposable
{
    private readonly ILedgerStore store;
    private readonly LedgerTail tail;
    private readonly BatchWritten? written;
    private readonly Channel<PendingUnit> queue;
    private readonly TimeProvider time;
    private readonly LedgerMetrics metrics;

    // Units are fetched on the store's thread, and given up where a failure is heard of.
    private readonly Lock fetching = new();
    private readonly List<PendingUnit> deferred = [];
    private readonly BatchPlan plan = new();
    private readonly Task loop;

    /// <summary>Starts the writer.</summary>
    /// <param name="store">Where it writes.</param>
    /// <param name="tail">Whom it tells.</param>
    /// <param name="queueUnitsMax">Units that may wait.</param>
    /// <param name="written">Called after each batch that moved the head.</param>
    /// <param name="time">The clock by which commits are timed; the system's unless given.</param>
    public LedgerWriter(ILedgerStore store, LedgerTail tail, int queueUnitsMax = LedgerLimits.QueueUnitsMax, BatchWritten? written = null, TimeProvider? time = null)
    {
        this.store = store;
        this.tail = tail;
        this.written = written;
        this.time = time ?? TimeProvider.System;
        queue = Channel.CreateBounded<PendingUnit>(new BoundedChannelOptions(queueUnitsMax) { FullMode = BoundedChannelFullMode.Wait });
        metrics = new LedgerMetrics(this);
        loop = RunAsync();
    }

    /// <summary>Units that wait.</summary>
    public int QueuedUnits => queue.Reader.Count;

    /// <summary>Appends a unit; answers when it is durable, or has lost.</summary>
    /// <exception cref="LedgerBusyException">The queue is full.</exception>
    /// <exception cref="StoreUnavailableException">The store failed; nothing was appended.</exception>
    public Task<UnitOutcome> AppendAsync(AppendUnit unit)
    {
        foreach (var entry in unit.Entries)
        {
            if (entry.Payload.Length > LedgerLimits.EntryBytesMax)
            {
                throw new InvalidOperationException($"An entry has {entry.Payload.Length} bytes; at most {LedgerLimits.EntryBytesMax} are allowed.");
            }
        }

        var pending = new PendingUnit(unit);
        return queue.Writer.TryWrite(pending) ? pending.Outcome.Task : throw new LedgerBusyException();
    }

    /// <summary>Takes no more, writes what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        metrics.Dispose();
    }

    private async Task RunAsync()
    {
        var before = Task.CompletedTask;
        while (AnyDeferred() || await queue.Reader.WaitToReadAsync())
        {
            var batch = new PendingBatch();
            var told = WriteAsync(batch, before);
            _ = AnswerAsync(batch, told);
            await batch.Begun;
            await before;
            before = told;
        }

        await before;
    }

    // Done when everybody may know of it: batches are told in the order in which they were written.
    private async Task WriteAsync(PendingBatch batch, Task before)
    {
        try
        {
            // Not cancelled with the callers: what was taken in is written.
            batch.Written(await store.AppendAsync(() => Fetch(batch), CancellationToken.None), time.GetTimestamp());
        }
#pragma warning disable CA1031 // Whatever went wrong is each caller's to hear: the writer itself goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            batch.Failed(error, error is StoreUnavailableException || batch.Units.Count == 0 ? Behind() : []);
        }

        await before;
        Publish(batch);
    }

    // Whatever a listener of the meter throws, it must not keep the callers waiting.
    private async Task AnswerAsync(PendingBatch batch, Task told)
    {
        await told;
        try
        {
            metrics.Record(batch, time);
        }
        finally
        {
            batch.Answer();
        }
    }

    private IReadOnlyList<AppendUnit> Fetch(PendingBatch batch)
    {
        lock (fetching)
        {
            plan.Clear();
            var before = deferred.ToArray();
            deferred.Clear();
            foreach (var pending in before)
            {
                Place(pending, batch);
            }

            while (batch.Units.Count < LedgerLimits.BatchUnitsMax && deferred.Count < LedgerLimits.BatchUnitsMax && queue.Reader.TryRead(out var pending))
            {
                Place(pending, batch);
            }
        }

        batch.Begin(time.GetTimestamp());
        return batch.Units;
    }

    private void Place(PendingUnit pending, PendingBatch batch)
    {
        if (batch.Units.Count < LedgerLimits.BatchUnitsMax && plan.TryAdd(pending.Unit))
        {
            batch.Add(pending);
        }
        else
        {
            deferred.Add(pending);
        }
    }

    private bool AnyDeferred()
    {
        lock (fetching)
        {
            return deferred.Count > 0;
        }
    }

    // Those behind a batch that the store was not there for: they would wait for its deadline one after the other, only to hear the
    // same. The batch that was announced may have been fetched already, and hears for itself.
    private List<PendingUnit> Behind()
    {
        lock (fetching)
        {
            List<PendingUnit> behind = [.. deferred];
            deferred.Clear();
            for (var waiting = queue.Reader.Count; waiting > 0 && queue.Reader.TryRead(out var pending); waiting--)
            {
                behind.Add(pending);
            }

            return behind;
        }
    }

    private void Publish(PendingBatch batch)
    {
        var entries = batch.Entries();
        if (entries.Count > 0)
        {
            var whole = tail.Publish(entries);
            written?.Invoke(entries[^1], whole);
        }
    }
}
