namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>How many chunks were emptied.</summary>
internal sealed class EvictionCount
{
    private long value;

    /// <summary>How many so far.</summary>
    public long Value => Interlocked.Read(ref value);

    /// <summary>One more.</summary>
    public void Add() => Interlocked.Increment(ref value);
}
