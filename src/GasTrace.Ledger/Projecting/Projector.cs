using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using Microsoft.Extensions.Logging;

namespace GasTrace.Ledger.Projecting;

/// <summary>Follows the ledger and keeps the typed tables. Its position is theirs: after a crash, or after another node, it goes on where they are.</summary>
public sealed partial class Projector(ILedgerStore store, LedgerReader reader, IProjectionStore projections, TimeProvider time, ILogger<Projector> log)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    // What comes meanwhile shares a transaction; searches may run this far behind: longer when much comes, since that saves most.
    private const int BusyEntries = 500;
    private const int BusyTurns = 25;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private long position;

    /// <summary>How many entries the tables hold.</summary>
    public long Position => Interlocked.Read(ref position);

    /// <summary>Follows until cancelled. A store that is away is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (StoreUnavailableException error)
            {
                LogUnavailable(error.Message);
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    /// <summary>Catches up with the head and ends.</summary>
    public async Task CatchUpAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        while (await GatherAsync(cancellationToken) is { Count: > 0 } batch)
        {
            await ApplyAsync(batch, cancellationToken);
            progress?.Report(Position);
        }
    }

    /// <summary>How many entries the tables hold, unless that is more than the ledger does: a ledger restored from a backup, say.</summary>
    /// <exception cref="StoreStartException">They are ahead of the ledger.</exception>
    public static async Task<long> CheckAsync(IProjectionStore projections, ILedgerStore store, CancellationToken cancellationToken)
    {
        var held = await projections.GetPositionAsync(cancellationToken);
        var head = await store.GetHeadAsync(cancellationToken);
        return held <= head
            ? held
            : throw new StoreStartException($"The projections hold {held} entries and the ledger {head}: they belong to another ledger, or to a later state of it. Run 'gastrace rebuild'.");
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        while (true)
        {
            await reader.WaitAsync(Position, IdleWait, time, cancellationToken);
            for (var batch = await GatherAsync(cancellationToken); batch.Count > 0;)
            {
                await ApplyAsync(batch, cancellationToken);
                var behind = batch.Count == projections.BatchEntriesMax;
                batch = await GatherAsync(cancellationToken);
                for (var turn = 0; !behind && turn < (batch.Count < BusyEntries ? Turns : BusyTurns); turn++)
                {
                    await Task.Delay(Turn, time, cancellationToken);
                    await GatherAsync(batch, cancellationToken);
                }
            }
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref position, await CheckAsync(projections, store, cancellationToken));

    private async Task ApplyAsync(ProjectedBatch batch, CancellationToken cancellationToken)
    {
        if (await projections.ApplyAsync(batch, cancellationToken))
        {
            Interlocked.Exchange(ref position, batch.Next);
        }
        else
        {
            // Another node has moved them on.
            await StartAsync(cancellationToken);
        }
    }

    private async Task<ProjectedBatch> GatherAsync(CancellationToken cancellationToken)
    {
        var batch = new ProjectedBatch(Position);
        await GatherAsync(batch, cancellationToken);
        return batch;
    }

    // As they come, and a page at a time: entries that all waited for the transaction would be the collector's to carry, and to
    // read them in one go would take a core away from requests.
    private async Task GatherAsync(ProjectedBatch batch, CancellationToken cancellationToken)
    {
        while (batch.Count < projections.BatchEntriesMax)
        {
            var limit = Math.Min(LedgerLimits.ReadEntriesMax, projections.BatchEntriesMax - batch.Count);
            var (entries, _) = await reader.ReadAsync(batch.Next, limit, cancellationToken);
            batch.Add(entries);
            if (entries.Count < limit)
            {
                break;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The typed tables cannot be written; it is tried again: {Reason}")]
    private partial void LogUnavailable(string reason);
}
