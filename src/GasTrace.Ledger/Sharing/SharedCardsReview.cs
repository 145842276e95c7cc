using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using Microsoft.Extensions.Logging;

namespace GasTrace.Ledger.Sharing;

/// <summary>
/// Goes, when a node starts, through what was put on the register within the time that a card lives in the shared cache. A node
/// that has just started has not heard of it, and the shared cache may have missed it: until this is done the store is asked.
/// </summary>
public sealed partial class SharedCardsReview(
    CardCache cache, BelievedCards believed, ISharedCards shared, LedgerReader reader, TimeProvider time, ILogger<SharedCardsReview> log)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is done. A store that is away is asked again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ReviewAsync(cancellationToken);
                return;
            }
            catch (StoreUnavailableException error)
            {
                LogUnavailable(error.Message);
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    private async Task ReviewAsync(CancellationToken cancellationToken)
    {
        // What comes from now on is heard of as it comes.
        var head = reader.Head;
        for (var next = await reader.FindAsync(time.GetUtcNow() - shared.Lifetime, cancellationToken); next < head;)
        {
            var (entries, _) = await reader.ReadAsync(next, LedgerLimits.ReadEntriesMax, cancellationToken);
            believed.Doubt(entries, cache.Now);
            next = entries[^1].Position + 1;
        }

        believed.Believe();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether the shared cards are up to date cannot be decided yet: {Reason}")]
    private partial void LogUnavailable(string reason);
}
