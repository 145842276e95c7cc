using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace GasTrace.Ledger.Sqlite;

/// <summary>
/// Reading connections between two uses. As many are open as callers read at once, but only so many are kept as can work at
/// once: after a stall, when everybody reads, the others are closed again.
/// </summary>
/// <typeparam name="TReader">A connection with its statements.</typeparam>
internal sealed class IdleReaders<TReader> : IDisposable
    where TReader : class, IDisposable
{
    private static readonly int Max = Math.Max(8, 2 * Environment.ProcessorCount);
    private readonly ConcurrentBag<TReader> idle = [];
    private int count;

    public bool TryTake([MaybeNullWhen(false)] out TReader reader)
    {
        if (!idle.TryTake(out reader))
        {
            return false;
        }

        Interlocked.Decrement(ref count);
        return true;
    }

    /// <summary>Keeps a reader, or closes it when enough are kept.</summary>
    public void Keep(TReader reader)
    {
        if (Interlocked.Increment(ref count) <= Max)
        {
            idle.Add(reader);
        }
        else
        {
            Interlocked.Decrement(ref count);
            reader.Dispose();
        }
    }

    public void Dispose()
    {
        while (TryTake(out var reader))
        {
            reader.Dispose();
        }
    }
}
