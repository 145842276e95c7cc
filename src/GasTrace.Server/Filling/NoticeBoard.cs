using GasTrace.Ledger;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.V1;
using Microsoft.Extensions.Logging;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Server.Filling;

/// <summary>
/// Follows the ledger once for all stations' streams and hands them what may be a notice. Were each to follow it, every commit
/// would wake every stream for the few entries a day that are news to it.
/// </summary>
public sealed partial class NoticeBoard(LedgerReader reader, TimeProvider time, ILogger<NoticeBoard> log)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private StationNotices[] streams = [];

    /// <summary>Follows until cancelled. A store that is away is asked again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var next = reader.Head;
        while (true)
        {
            try
            {
                await reader.WaitAsync(next, IdleWait, time, cancellationToken);
                var (entries, _) = await reader.ReadAsync(next, LedgerLimits.ReadEntriesMax, cancellationToken);
                foreach (var entry in entries)
                {
                    next = entry.Position + 1;
                    if (IsNotice(entry))
                    {
                        Hand(entry);
                    }
                }
            }
            catch (StoreUnavailableException error)
            {
                LogUnavailable(error.Message);
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    /// <summary>Hands a stream what comes from now on.</summary>
    internal void Add(StationNotices stream)
    {
        lock (gate)
        {
            streams = [.. streams, stream];
        }
    }

    /// <summary>Hands it no more.</summary>
    internal void Remove(StationNotices stream)
    {
        lock (gate)
        {
            streams = [.. streams.Where(other => other != stream)];
        }
    }

    private void Hand(LedgerEntry entry)
    {
        foreach (var stream in Volatile.Read(ref streams))
        {
            stream.Hear(entry);
        }
    }

    private static bool IsNotice(LedgerEntry entry) =>
        (Event.BodyOneofCase)entry.Header.Kind is Event.BodyOneofCase.FillAborted or Event.BodyOneofCase.ScaleLockChanged or Event.BodyOneofCase.StationStatusChanged;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notices for stations cannot be read; it is tried again: {Reason}")]
    private partial void LogUnavailable(string reason);
}
