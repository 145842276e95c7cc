namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Readers of the card table, as many as callers at once. The table changes only when cards are flushed; each time a
/// generation ends, and every reader begins a new snapshot before it reads again.
/// </summary>
internal sealed class CardReaders(SqliteOptions options) : IDisposable
{
    private static readonly TimeSpan SlowReader = TimeSpan.FromMilliseconds(20);
    private readonly IdleReaders<CardReader> idle = new();

    // Who reads in this turn, and who still does in the one before.
    private readonly int[] reading = new int[2];
    private long generation;
    private long turn;

    /// <summary>How often the table has changed.</summary>
    public long Generation => Interlocked.Read(ref generation);

    /// <summary>Runs a read on a snapshot of a generation, or a later one.</summary>
    public TResult Read<TArgument, TResult>(long atLeast, TArgument argument, Func<CardReader, TArgument, TResult> read)
    {
        var now = Interlocked.Read(ref turn);
        Interlocked.Increment(ref reading[now & 1]);
        try
        {
            return Read(idle.TryTake(out var waiting) ? waiting : new CardReader(options), atLeast, now, argument, read);
        }
        finally
        {
            Interlocked.Decrement(ref reading[now & 1]);
        }
    }

    /// <summary>The table has changed.</summary>
    public void Advance()
    {
        Interlocked.Increment(ref generation);
        LetGo();
    }

    /// <summary>
    /// Readers let go of their snapshots, idle ones at once and the others as soon as they have read; waits for these, but not long.
    /// Every read that begins meanwhile has a new one. For one caller at a time.
    /// </summary>
    public void LetGo()
    {
        var before = Interlocked.Increment(ref turn) - 1;
        List<CardReader> held = [];
        while (idle.TryTake(out var reader))
        {
            reader.Leave();
            held.Add(reader);
        }

        foreach (var reader in held)
        {
            idle.Keep(reader);
        }

        SpinWait.SpinUntil(() => Volatile.Read(ref reading[before & 1]) == 0, SlowReader);
    }

    public void Dispose() => idle.Dispose();

    private TResult Read<TArgument, TResult>(CardReader reader, long atLeast, long now, TArgument argument, Func<CardReader, TArgument, TResult> read)
    {
        try
        {
            reader.Enter(atLeast, now);
            var result = read(reader, argument);
            if (atLeast != Generation || reader.Turn != Interlocked.Read(ref turn))
            {
                reader.Leave();
            }

            idle.Keep(reader);
            return result;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }
}
