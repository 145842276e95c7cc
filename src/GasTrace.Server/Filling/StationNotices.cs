using System.Collections.Concurrent;
using System.Threading.Channels;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.V1;

namespace GasTrace.Server.Filling;

/// <summary>What a station must hear at once: a permit revoked, a lock, a suspension; for the stations whose terminals spoke on this stream.</summary>
internal sealed class StationNotices(NoticeBoard board, CardCache cards)
{
    // Beyond it the oldest is dropped: the state that it told of is asked again at every scan and begin.
    private const int WaitingMax = 1_024;
    private readonly Channel<(string StationId, StationNotice Notice)> heard = NewChannel<(string, StationNotice)>();
    private readonly Channel<StationNotice> waiting = NewChannel<StationNotice>();
    private readonly ConcurrentDictionary<string, byte> terminals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> stations = new(StringComparer.Ordinal);

    /// <summary>Notices that are to be sent.</summary>
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

    /// <summary>Takes in a notice, which may be for its stations; never waits.</summary>
    public void Hear(string stationId, StationNotice notice) => heard.Writer.TryWrite((stationId, notice));

    /// <summary>Finds out what is for its stations, until cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        board.Add(this);
        try
        {
            while (true)
            {
                var (stationId, notice) = await heard.Reader.ReadAsync(cancellationToken);
                if (await ConcernsAsync(stationId, cancellationToken))
                {
                    waiting.Writer.TryWrite(notice);
                }
            }
        }
        finally
        {
            board.Remove(this);
        }
    }

    // What cannot be found out is passed on: a notice too many does no harm.
    private async ValueTask<bool> ConcernsAsync(string stationId, CancellationToken cancellationToken)
    {
        try
        {
            return await IsFollowedAsync(stationId, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    private static Channel<TItem> NewChannel<TItem>() =>
        Channel.CreateBounded<TItem>(new BoundedChannelOptions(WaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

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
}
