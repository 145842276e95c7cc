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
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BusyGathering = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Read a few at a time: entries are objects, and so many of them would outlive a young collection.
    private const int PageEntries = 250;

    // One, begun again and again: its arrays are used again.
    private readonly ProjectedBatch batch = new(0);
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
        while (await GatherAsync(cancellationToken))
        {
            await ApplyAsync(cancellationToken);
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
            : throw new StoreStartException(new($"查询表有 {held} 条记录，账本有 {head} 条：它们属于另一账本，或其更晚的状态。请运行 'gastrace rebuild'。", $"The projections hold {held} entries and the ledger {head}: they belong to another ledger, or to a later state of it. Run 'gastrace rebuild'."));
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        while (true)
        {
            await reader.WaitAsync(Position, IdleWait, time, cancellationToken);
            var isAny = await GatherAsync(cancellationToken);
            var began = time.GetTimestamp();
            if (isAny)
            {
                await ApplyAsync(cancellationToken);
            }

            var left = (batch.Count < BusyEntries ? Gathering : BusyGathering) - time.GetElapsedTime(began);
            if (batch.Count < projections.BatchEntriesMax && left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, cancellationToken);
            }
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref position, await CheckAsync(projections, store, cancellationToken));

    private async Task ApplyAsync(CancellationToken cancellationToken)
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

    // False when there is nothing to do.
    private async Task<bool> GatherAsync(CancellationToken cancellationToken)
    {
        batch.Begin(Position);
        while (batch.Count < projections.BatchEntriesMax)
        {
            var limit = Math.Min(PageEntries, projections.BatchEntriesMax - batch.Count);
            var (entries, _) = await reader.ReadAsync(batch.Next, limit, cancellationToken);
            batch.Add(entries);
            if (entries.Count < limit)
            {
                break;
            }
        }

        return batch.Count > 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The typed tables cannot be written; it is tried again: {Reason}")]
    private partial void LogUnavailable(string reason);
}
