using System.Collections.Concurrent;
using System.Threading.Channels;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Tailing;
using GasTrace.V1;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Server.Filling;

/// <summary>What a station must hear at once: a permit revoked, a lock, a suspension. Read from the tail, for the stations whose terminals spoke on this stream.</summary>
internal sealed class StationNotices(LedgerReader reader, CardCache cards, TimeProvider time)
{
    // Beyond it the oldest is dropped: the state that it told of is asked again at every scan and begin.
    private const int WaitingMax = 1_024;
    private static readonly TimeSpan IdleWait = TimeSpan.FromMinutes(1);
    private readonly Channel<StationNotice> waiting = Channel.CreateBounded<StationNotice>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly ConcurrentDictionary<string, byte> terminals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> stations = new(StringComparer.Ordinal);
    private readonly long start = reader.Head;

    public ChannelReader<StationNotice> Reader => waiting.Reader;

    /// <summary>Follows a terminal's station from now on.</summary>
    public void Follow(string terminalId)
    {
        // A station has few terminals; a stream that names many is not followed further.
        if (terminalId.Length is > 0 and <= Must.IdLengthMax && terminals.Count < WaitingMax)
        {
            terminals.TryAdd(terminalId, 0);
        }
    }

    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var next = start;
        while (true)
        {
            await reader.WaitAsync(next, IdleWait, time, cancellationToken);
            var (entries, _) = await reader.ReadAsync(next, LedgerLimits.ReadEntriesMax, cancellationToken);
            foreach (var entry in entries)
            {
                next = entry.Position + 1;
                if (IsNotice(entry) && await IsFollowedAsync(entry.Header.Station, cancellationToken) && ToNotice(entry) is { } notice)
                {
                    waiting.Writer.TryWrite(notice);
                }
            }
        }
    }

    private static bool IsNotice(LedgerEntry entry) =>
        (Event.BodyOneofCase)entry.Header.Kind is Event.BodyOneofCase.FillAborted or Event.BodyOneofCase.ScaleLockChanged or Event.BodyOneofCase.StationStatusChanged;

    private async ValueTask<bool> IsFollowedAsync(string stationId, CancellationToken cancellationToken)
    {
        if (stations.ContainsKey(stationId))
        {
            return true;
        }

        foreach (var card in await cards.GetAsync([.. terminals.Keys.Select(CardKey.Terminal)], cancellationToken))
        {
            if (card.State is Terminal terminal)
            {
                stations.TryAdd(terminal.StationId, 0);
            }
        }

        return stations.ContainsKey(stationId);
    }

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
}
