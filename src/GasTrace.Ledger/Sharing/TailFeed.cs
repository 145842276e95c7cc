using System.Threading.Channels;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using Microsoft.Extensions.Logging;

namespace GasTrace.Ledger.Sharing;

/// <summary>
/// Brings what other nodes wrote into this node's tail, in the one order of the ledger, and tells who keeps cards what to forget.
/// It looks when another node says that the head has moved, when this node wrote behind a gap, and by itself every so often.
/// </summary>
/// <param name="store">The ledger that the nodes share.</param>
/// <param name="tail">This node's tail.</param>
/// <param name="foreign">Told of entries that came from the store, before anyone can read them here.</param>
/// <param name="time">The clock.</param>
/// <param name="interval">How often it looks when nobody tells.</param>
/// <param name="log">Where trouble is told.</param>
public sealed partial class TailFeed(
    ILedgerStore store, LedgerTail tail, Action<IReadOnlyList<LedgerEntry>> foreign, TimeProvider time, TimeSpan interval, ILogger<TailFeed> log)
{
    private readonly Channel<bool> calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Makes it look now.</summary>
    public void Wake() => calls.Writer.TryWrite(true);

    /// <summary>Makes it look when a head that was heard of is beyond what is here.</summary>
    public void Hear(long head)
    {
        if (head > tail.Head)
        {
            Wake();
        }
    }

    /// <summary>Runs until cancelled. A store that cannot be read is asked again.</summary>
    /// <exception cref="InvalidDataException">The ledger has gone back: a backup was restored under running nodes.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var timer = time.CreateTimer(_ => Wake(), null, interval, interval);
        while (true)
        {
            try
            {
                while (await AdvanceAsync(cancellationToken))
                {
                }
            }
            catch (StoreUnavailableException error)
            {
                LogUnavailable(error.Message);
            }

            await calls.Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>Reads a page beyond the tail's head; answers whether there may be more.</summary>
    public async Task<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        var from = tail.Head;
        var waitsFrom = tail.WaitsFrom;

        // Up to what this node wrote itself: that is at hand.
        var limit = (int)Math.Min(LedgerLimits.ReadEntriesMax, (waitsFrom ?? long.MaxValue) - from);
        if (limit <= 0)
        {
            return false;
        }

        var entries = await store.ReadAsync(from, limit, cancellationToken);
        if (entries.Count == 0 && await store.GetHeadAsync(cancellationToken) is var head && head < from)
        {
            // What this node remembers was never written, as far as this ledger goes: nothing it says can be relied on.
            throw new InvalidDataException($"The ledger has gone back from {from} entries to {head}: a backup was restored while nodes ran. Stop all nodes, then start them.");
        }

        foreign(entries);
        tail.Publish(entries);
        return entries.Count == limit;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What other nodes wrote cannot be read; it is tried again: {Reason}")]
    private partial void LogUnavailable(string reason);
}
