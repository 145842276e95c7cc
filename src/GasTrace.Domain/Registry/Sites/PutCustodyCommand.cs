using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Puts or ends custody (托管): off unless put.</summary>
public sealed class PutCustodyCommand(PutCustodyRequest request)
    : Command<PutCustodyResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeThere("custody", request.Custody),
        Must.BeId("custody.unit_id", request.Custody?.UnitId ?? string.Empty),
        Must.BeId("custody.station_id", request.Custody?.StationId ?? string.Empty));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<Custody>(CardKey.Custody(request.Custody.UnitId, request.Custody.StationId));
        cards.Get<Station>(CardKey.Station(request.Custody.StationId));
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        if (cards.Get<Station>(CardKey.Station(request.Custody.StationId)) is not { } station)
        {
            return Decision.Rejected(Rejection.NotFound("custody.station_id", request.Custody.StationId, new("充装站", "station")));
        }

        var put = Origin.Event(now, request.Custody.UnitId, station);
        put.CustodyPut = new CustodyPut { Custody = request.Custody };
        return Decision.Happened([put], [new CardChange(CardKey.Custody(request.Custody.UnitId, request.Custody.StationId), request.Custody)]);
    }

    /// <inheritdoc />
    public override PutCustodyResponse Reply(Event answer, long position) => new() { Position = position };
}
