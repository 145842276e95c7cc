using System.Threading.Channels;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;

namespace GasTrace.Ledger.Writing;

/// <summary>
/// The one writer of a node. Batches are as large as what has queued up while the last commit ran: no timer, no artificial
/// delay. An answer comes only after the commit; a full queue answers at once instead of growing.
/// </summary>
public sealed class LedgerWriter : IAsyncDisposable
{
    private const int AnsweredTogether = 16;
    private readonly ILedgerStore store;
    private readonly LedgerTail tail;
    private readonly Action<bool>? written;
    private readonly Channel<Pending> queue;
    private readonly List<Pending> deferred = [];
    private readonly BatchPlan plan = new();
    private readonly Task loop;

    /// <summary>Starts the writer.</summary>
    /// <param name="store">Where it writes.</param>
    /// <param name="tail">Whom it tells.</param>
    /// <param name="queueUnitsMax">Units that may wait.</param>
    /// <param name="written">Called after each batch that moved the head; false when the tail misses entries of other nodes.</param>
    public LedgerWriter(ILedgerStore store, LedgerTail tail, int queueUnitsMax = LedgerLimits.QueueUnitsMax, Action<bool>? written = null)
    {
        this.store = store;
        this.tail = tail;
        this.written = written;
        queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(queueUnitsMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
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

        var pending = new Pending(unit);
        return queue.Writer.TryWrite(pending) ? pending.Outcome.Task : throw new LedgerBusyException();
    }

    /// <summary>Takes no more, writes what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task RunAsync()
    {
        List<Pending> batch = [];
        while (deferred.Count > 0 || await queue.Reader.WaitToReadAsync())
        {
            Fill(batch);
            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private void Fill(List<Pending> batch)
    {
        plan.Clear();
        var before = deferred.ToArray();
        deferred.Clear();
        foreach (var pending in before)
        {
            Place(pending, batch);
        }

        while (batch.Count < LedgerLimits.BatchUnitsMax && deferred.Count < LedgerLimits.BatchUnitsMax && queue.Reader.TryRead(out var pending))
        {
            Place(pending, batch);
        }
    }

    private void Place(Pending pending, List<Pending> batch)
    {
        if (batch.Count < LedgerLimits.BatchUnitsMax && plan.TryAdd(pending.Unit))
        {
            batch.Add(pending);
        }
        else
        {
            deferred.Add(pending);
        }
    }

    private async Task WriteAsync(List<Pending> batch)
    {
        AppendResult result;
        try
        {
            // Not cancelled with the callers: what was taken in is written.
            result = await store.AppendAsync(batch.ConvertAll(pending => pending.Unit), CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever went wrong is each caller's to hear: the writer itself goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            List<Pending> failed = [.. batch];
            if (error is StoreUnavailableException)
            {
                // Those behind would wait for the store's deadline one after the other, only to hear the same.
                failed.AddRange(deferred);
                deferred.Clear();
                for (var waiting = queue.Reader.Count; waiting > 0 && queue.Reader.TryRead(out var pending); waiting--)
                {
                    failed.Add(pending);
                }
            }

            _ = FailAsync(failed, error);
            return;
        }

        Publish(batch, result);
        for (var first = 0; first < batch.Count; first += AnsweredTogether)
        {
            _ = AnswerAsync(batch.GetRange(first, Math.Min(batch.Count - first, AnsweredTogether)), result.Outcomes, first);
        }
    }

    // A turn of the pool each would cost the callers more than what they do with the answer.
    private static async Task AnswerAsync(List<Pending> together, IReadOnlyList<UnitOutcome> outcomes, int first)
    {
        await Task.Yield();
        for (var i = 0; i < together.Count; i++)
        {
            together[i].Outcome.SetResult(outcomes[first + i]);
        }
    }

    // On a turn of its own: callers go on in it, and the writer must not wait for them.
    private static async Task FailAsync(List<Pending> failed, Exception error)
    {
        await Task.Yield();
        foreach (var pending in failed)
        {
            pending.Outcome.SetException(error);
        }
    }

    private void Publish(List<Pending> batch, AppendResult result)
    {
        List<LedgerEntry> entries = [];
        var position = result.FirstPosition;
        for (var i = 0; i < batch.Count; i++)
        {
            if (result.Outcomes[i].Fate != UnitFate.Committed)
            {
                continue;
            }

            foreach (var entry in batch[i].Unit.Entries)
            {
                entries.Add(new LedgerEntry(position++, entry.Header, entry.Payload));
            }
        }

        if (entries.Count > 0)
        {
            var whole = tail.Publish(entries);
            written?.Invoke(whole);
        }
    }

    private sealed class Pending(AppendUnit unit)
    {
        public AppendUnit Unit => unit;

        public TaskCompletionSource<UnitOutcome> Outcome { get; } = new();
    }
}
