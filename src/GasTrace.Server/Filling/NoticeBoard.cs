using GasTrace.Ledger;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.V1;
using Microsoft.Extensions.Logging;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Server.Filling;

/// <summary>
/// Follows the ledger once for all stations' streams and hands them the notices in it, each read and made once. Were each stream
/// to follow it, every commit would wake every stream, and every fill that ends early, for the few entries a day that are news.
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
                    if (MayBeNotice(entry) && ToNotice(entry) is { } notice)
                    {
                        Hand(entry.Header.Station, notice);
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

    private void Hand(string stationId, StationNotice notice)
    {
        foreach (var stream in Volatile.Read(ref streams))
        {
            stream.Hear(stationId, notice);
        }
    }

    private static bool MayBeNotice(LedgerEntry entry) =>
        (Event.BodyOneofCase)entry.Header.Kind is Event.BodyOneofCase.FillAborted or Event.BodyOneofCase.ScaleLockChanged or Event.BodyOneofCase.StationStatusChanged;

    // A fill that its own station ended is none.
    private static StationNotice? ToNotice(LedgerEntry entry) => entry.ParseEvent() switch
    {
        { FillAborted: { Cause: AbortCause.Revoked } revoked } =>
            new() { Position = entry.Position, PermitRevoked = new PermitRevoked { PermitId = revoked.PermitId, Reason = revoked.Reason } },
        { ScaleLockChanged: { } changed } =>
            new() { Position = entry.Position, LockChanged = new LockChanged { TerminalId = changed.TerminalId, GunId = changed.GunId, Locked = changed.Locked } },
        { StationStatusChanged: { } standing } =>
            new() { Position = entry.Position, SuspensionChanged = new SuspensionChanged { Suspended = standing.Status != StationStatus.Active, Reason = standing.Reason } },
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notices for stations cannot be read; it is tried again: {Reason}")]
    private partial void LogUnavailable(string reason);
}
