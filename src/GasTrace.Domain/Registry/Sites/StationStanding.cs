using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>How a station stands.</summary>
internal static class StationStanding
{
    /// <summary>Changes it; the same standing again is forbidden, so that a mistaken command is noticed.</summary>
    public static Decision Change(Origin origin, CardSet cards, Moment now, string stationId, StationStatus status, string reason)
    {
        var key = CardKey.Station(stationId);
        if (cards.Get<Station>(key) is not { } known)
        {
            return Decision.Rejected(Rejection.NotFound("station_id", stationId, new("充装站", "station")));
        }

        if (known.Status == status)
        {
            return Decision.Rejected(Rejection.Forbidden("station_id", stationId, new($"已是 {status}", $"is {status} already"), "NO_CHANGE"));
        }

        var station = known.Clone();
        station.Status = status;
        var changed = origin.Event(now, stationId, station);
        changed.StationStatusChanged = new StationStatusChanged { Status = status, Reason = reason };
        return Decision.Happened([changed], [new CardChange(key, station)]);
    }
}
