using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using Microsoft.Extensions.Logging;

namespace GasTrace.Server.Filling;

/// <summary>Closes permits that nobody comes back to. A scan of the cylinder would find them too; this is for those never scanned again.</summary>
public sealed partial class PermitSweeper(IProjectionStore projections, CommandRunner runner, TimeProvider time, TimeSpan interval, ILogger<PermitSweeper> log)
{
    private const int PermitsPerSweepMax = 2_000;

    // Side by side they share a commit or two; more at once would be a batch that scans wait for.
    private const int PermitsAtOnce = 256;

    /// <summary>Closes what is due now; answers how many.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var closed = 0;
        var due = await projections.FindLapsedPermitsAsync(new Moment(time.GetUtcNow()).UnixSeconds, PermitsPerSweepMax, cancellationToken);
        foreach (var some in due.Chunk(PermitsAtOnce))
        {
            // The projection runs a little behind: a permit closed meanwhile is rejected, and that is right.
            var results = await Task.WhenAll(some.Select(permitId => runner.RunAsync(new ExpirePermitCommand(permitId), cancellationToken).AsTask()));
            closed += results.Count(result => result.Rejection is null);
        }

        return closed;
    }

    /// <summary>Sweeps until cancelled. What cannot be closed now is tried at the next sweep.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                if (await SweepAsync(cancellationToken) is > 0 and var closed)
                {
                    LogSwept(closed);
                }
            }
            catch (Exception error) when (error is StoreUnavailableException or LedgerBusyException or ContentionException)
            {
                LogFailed(error.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} permits had expired and were closed.")]
    private partial void LogSwept(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Permits could not be swept; the next sweep tries again: {Reason}")]
    private partial void LogFailed(string reason);
}
