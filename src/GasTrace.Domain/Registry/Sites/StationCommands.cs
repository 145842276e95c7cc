using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Registers or changes a station. Standing and lock have commands of their own.</summary>
public sealed class PutStationCommand(PutStationRequest request)
    : Command<PutStationResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeThere("station", request.Station),
        request.Station is { } station
            ? Must.All(
                Must.BeId("station.station_id", station.StationId),
                Must.BeText("station.name", station.Name, 0, Must.TextLengthMax),
                Must.BeId("station.unit_id", station.UnitId),
                Must.BeRegion("station.region", station.Region),
                Must.BeIdOrEmpty("station.licence_number", station.LicenceNumber),
                Must.BeFew("station.licensed_gases", station.LicensedGases.Count, 64),
                Must.Each(station.LicensedGases, gas => Must.BeGas("station.licensed_gases", gas)),
                Must.BeDay("station.licence_ends_on", station.LicenceEndsOn),
                Must.BeWithin("station.nominal_net_mass_g", station.NominalNetMassG, 0, 5_000_000),
                Must.BeWithin("station.nominal_tolerance_g", station.NominalToleranceG, 0, 5_000_000))
            : null);

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<Station>(CardKey.Station(request.Station.StationId));
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        var key = CardKey.Station(request.Station.StationId);
        var known = cards.Get<Station>(key);
        var station = request.Station.Clone();
        station.Status = known?.Status ?? (station.Status == StationStatus.Unspecified ? StationStatus.Active : station.Status);
        station.Locked = known?.Locked ?? false;
        var put = Origin.Event(now, station.StationId, station);
        put.StationPut = new StationPut { Station = station };
        return Decision.Happened([put], [new CardChange(key, station)]);
    }

    /// <inheritdoc />
    public override PutStationResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Suspends a station, or revokes its licence. Every scan decided from its commit on is refused.</summary>
public sealed class SuspendStationCommand(SuspendStationRequest request)
    : Command<SuspendStationResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeId("station_id", request.StationId),
        Must.BeOneOf("status", request.Status, StationStatus.Suspended, StationStatus.Revoked),
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<Station>(CardKey.Station(request.StationId));
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        return StationStanding.Change(Origin, cards, now, request.StationId, request.Status, request.Reason);
    }

    /// <inheritdoc />
    public override SuspendStationResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Lets a station go on.</summary>
public sealed class ResumeStationCommand(ResumeStationRequest request)
    : Command<ResumeStationResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeId("station_id", request.StationId),
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<Station>(CardKey.Station(request.StationId));
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        return StationStanding.Change(Origin, cards, now, request.StationId, StationStatus.Active, request.Reason);
    }

    /// <inheritdoc />
    public override ResumeStationResponse Reply(Event answer, long position) => new() { Position = position };
}
