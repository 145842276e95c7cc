using System.Diagnostics.CodeAnalysis;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Ledger;

/// <summary>
/// Hands batches to the writer's thread. That thread blocks at once while there are none: the waits of a blocking collection
/// spin first, and between the small commits of a moderate load, more than a thousand a second, that took processor time from
/// the very callers that the next batch is made of.
/// </summary>
internal sealed class AppendQueue
{
    // The ledger's writer announces one while another is written: the rest is for whoever else appends.
    private const int AppendsMax = 4;
    private readonly object gate = new();
    private readonly Queue<Append> waiting = new(AppendsMax);
    private bool completed;

    /// <summary>Hands a batch over; waits while too many do.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed, or closing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while it waited: the batch was not handed over.</exception>
    public void Add(Append append, CancellationToken cancellationToken)
    {
        using var waking = cancellationToken.UnsafeRegister(static queue => ((AppendQueue)queue!).Wake(), this);
        lock (gate)
        {
            while (waiting.Count >= AppendsMax && !completed && !cancellationToken.IsCancellationRequested)
            {
                Monitor.Wait(gate);
            }

            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(completed, typeof(SqliteLedgerStore));
            waiting.Enqueue(append);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Takes the next batch; waits for it. False when there is none and none will come.</summary>
    public bool TryTake([NotNullWhen(true)] out Append? append)
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !completed)
            {
                Monitor.Wait(gate);
            }

            if (!waiting.TryDequeue(out append))
            {
                return false;
            }

            Monitor.PulseAll(gate);
            return true;
        }
    }

    /// <summary>Takes no more. What waits is still taken.</summary>
    public void Complete()
    {
        lock (gate)
        {
            completed = true;
            Monitor.PulseAll(gate);
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>A batch and what became of it.</summary>
    internal sealed class Append(Func<IReadOnlyList<AppendUnit>> fetch)
    {
        /// <summary>Gives the units, once, when it is their turn.</summary>
        public Func<IReadOnlyList<AppendUnit>> Fetch => fetch;

        public TaskCompletionSource<AppendResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
