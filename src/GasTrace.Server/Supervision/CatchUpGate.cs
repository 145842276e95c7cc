using GasTrace.Ledger.Tailing;
using GasTrace.Server.Hosting;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Server.Supervision;

/// <summary>Lets only so many subscriptions of a node read history at once, in turn; live reading passes freely.</summary>
public sealed class CatchUpGate
{
    private readonly Places reads = new(ServerLimits.CatchUpReadsMax);
    private int subscriptions;

    /// <summary>Subscriptions that are open.</summary>
    public int Subscriptions => Volatile.Read(ref subscriptions);

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref subscriptions) <= ServerLimits.SubscriptionsMax)
        {
            return true;
        }

        Interlocked.Decrement(ref subscriptions);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => Interlocked.Decrement(ref subscriptions);

    /// <summary>Reads entries; waits its turn when they must come from the store.</summary>
    public async ValueTask<(IReadOnlyList<LedgerEntry> Entries, bool Live)> ReadAsync(LedgerReader reader, long from, int limit, CancellationToken cancellationToken)
    {
        if (reader.TryReadLive(from, limit) is { } live)
        {
            return (live, true);
        }

        await reads.TakeAsync(cancellationToken);
        try
        {
            return await reader.ReadAsync(from, limit, cancellationToken);
        }
        finally
        {
            reads.Leave();
        }
    }
}
