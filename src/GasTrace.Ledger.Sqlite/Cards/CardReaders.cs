namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Readers of the card table, as many as callers at once. The table changes only when cards are flushed; each time a
/// generation ends, and every reader begins a new snapshot before it reads again.
/// </summary>
internal sealed class CardReaders(SqliteOptions options) : IDisposable
{
    private readonly IdleReaders<CardReader> idle = new();
    private long generation;

    /// <summary>How often the table has changed.</summary>
    public long Generation => Interlocked.Read(ref generation);

    /// <summary>Runs a read on a snapshot of a generation, or a later one.</summary>
    public TResult Read<TArgument, TResult>(long atLeast, TArgument argument, Func<CardReader, TArgument, TResult> read)
    {
        var reader = idle.TryTake(out var waiting) ? waiting : new CardReader(options);
        try
        {
            reader.Enter(atLeast);
            var result = read(reader, argument);
            if (atLeast != Generation)
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

    /// <summary>The table has changed.</summary>
    public void Advance()
    {
        Interlocked.Increment(ref generation);
        LetGo();
    }

    /// <summary>
    /// Idle readers let go of their snapshots. Those that they take once the whole log is in the database do without the log,
    /// so that it can start over.
    /// </summary>
    public void LetGo()
    {
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
    }

    public void Dispose() => idle.Dispose();
}
