using System.Diagnostics.CodeAnalysis;

namespace GasTrace.Ledger.Sqlite;

/// <summary>
/// Reading connections between two uses. As many are open as callers read at once, but only so many are kept as can work at
/// once: after a stall, when everybody reads, the others are closed again. The first that is idle is taken, so that a few do
/// nearly all of the work, and what these have cached and mapped stays warm.
/// </summary>
/// <typeparam name="TReader">A connection with its statements.</typeparam>
internal sealed class IdleReaders<TReader> : IDisposable
    where TReader : class, IDisposable
{
    private readonly TReader?[] idle = new TReader?[Math.Max(8, 2 * Environment.ProcessorCount)];

    public bool TryTake([MaybeNullWhen(false)] out TReader reader)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            // A look first: to exchange with a place that is empty would take it from the other cores' caches for nothing.
            if (Volatile.Read(ref idle[i]) is not null && Interlocked.Exchange(ref idle[i], null) is { } waiting)
            {
                reader = waiting;
                return true;
            }
        }

        reader = null;
        return false;
    }

    /// <summary>Keeps a reader, or closes it when enough are kept.</summary>
    public void Keep(TReader reader)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (Volatile.Read(ref idle[i]) is null && Interlocked.CompareExchange(ref idle[i], reader, null) is null)
            {
                return;
            }
        }

        reader.Dispose();
    }

    public void Dispose()
    {
        while (TryTake(out var reader))
        {
            reader.Dispose();
        }
    }
}
