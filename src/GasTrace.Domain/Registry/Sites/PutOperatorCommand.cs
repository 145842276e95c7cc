using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Registers or changes an operator: an opaque id, no name in the ledger.</summary>
public sealed class PutOperatorCommand(PutOperatorRequest request)
    : Command<PutOperatorResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeThere("operator", request.Operator),
        request.Operator is { } person
            ? Must.All(
                Must.BeId("operator.operator_id", person.OperatorId),
                Must.BeFew("operator.station_ids", person.StationIds.Count, 64),
                Must.Each(person.StationIds, station => Must.BeId("operator.station_ids", station)),
                Must.BeIdOrEmpty("operator.certificate_number", person.CertificateNumber),
                Must.BeFew("operator.certificate_items", person.CertificateItems.Count, 16),
                Must.Each(person.CertificateItems, item => Must.BeText("operator.certificate_items", item, 1, 8)),
                Must.BeDayOrEmpty("operator.certificate_ends_on", person.CertificateEndsOn))
            : null);

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<Operator>(CardKey.Operator(request.Operator.OperatorId));
        foreach (var stationId in request.Operator.StationIds)
        {
            cards.Get<Station>(CardKey.Station(stationId));
        }
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        var unknown = request.Operator.StationIds.FirstOrDefault(stationId => cards.Get<Station>(CardKey.Station(stationId)) is null);
        if (unknown is not null)
        {
            return Decision.Rejected(Rejection.NotFound("operator.station_ids", unknown, new("充装站", "station")));
        }

        var first = request.Operator.StationIds.Select(stationId => cards.Get<Station>(CardKey.Station(stationId))).FirstOrDefault();
        var put = Origin.Event(now, request.Operator.OperatorId, first);
        put.OperatorPut = new OperatorPut { Operator = request.Operator };
        return Decision.Happened([put], [new CardChange(CardKey.Operator(request.Operator.OperatorId), request.Operator)]);
    }

    /// <inheritdoc />
    public override PutOperatorResponse Reply(Event answer, long position) => new() { Position = position };
}
