using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Registers or changes a gas batch. A condemned batch refuses every scan from its commit on.</summary>
public sealed class PutGasBatchCommand(PutGasBatchRequest request)
    : Command<PutGasBatchResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeThere("gas_batch", request.GasBatch),
        request.GasBatch is { } batch
            ? Must.All(
                Must.BeId("gas_batch.gas_batch_id", batch.GasBatchId),
                Must.BeId("gas_batch.station_id", batch.StationId),
                Must.BeGas("gas_batch.gas", batch.Gas),
                Must.BeIdOrEmpty("gas_batch.certificate_number", batch.CertificateNumber),
                Must.BeDayOrEmpty("gas_batch.certificate_ends_on", batch.CertificateEndsOn),
                Must.BeNamed("gas_batch.status", batch.Status))
            : null);

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<GasBatch>(CardKey.GasBatch(request.GasBatch.StationId, request.GasBatch.GasBatchId));
        cards.Get<Station>(CardKey.Station(request.GasBatch.StationId));
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        if (cards.Get<Station>(CardKey.Station(request.GasBatch.StationId)) is not { } station)
        {
            return Decision.Rejected(Rejection.NotFound("gas_batch.station_id", request.GasBatch.StationId, new("充装站", "station")));
        }

        var put = Origin.Event(now, request.GasBatch.GasBatchId, station, request.GasBatch.Gas);
        put.GasBatchPut = new GasBatchPut { GasBatch = request.GasBatch };
        return Decision.Happened([put], [new CardChange(CardKey.GasBatch(request.GasBatch.StationId, request.GasBatch.GasBatchId), request.GasBatch)]);
    }

    /// <inheritdoc />
    public override PutGasBatchResponse Reply(Event answer, long position) => new() { Position = position };
}
