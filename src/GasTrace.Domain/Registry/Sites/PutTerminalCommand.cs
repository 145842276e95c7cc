using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Registers or changes a terminal and its guns. Locks have commands of their own.</summary>
public sealed class PutTerminalCommand(PutTerminalRequest request)
    : Command<PutTerminalResponse>(request, request.RequestId, request.ActorId)
{
    private const int GunsMax = 256;

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeThere("terminal", request.Terminal),
        request.Terminal is { } terminal
            ? Must.All(
                Must.BeId("terminal.terminal_id", terminal.TerminalId),
                Must.BeId("terminal.station_id", terminal.StationId),
                Must.BeGas("terminal.gas", terminal.Gas),
                Must.BeFew("terminal.guns", terminal.Guns.Count, GunsMax),
                Must.Each(terminal.Guns, gun => Must.All(
                    Must.BeId("terminal.guns.gun_id", gun.GunId), Must.BeDayOrEmpty("terminal.guns.calibration_ends_on", gun.CalibrationEndsOn))),
                terminal.Guns.Select(gun => gun.GunId).Distinct().Count() == terminal.Guns.Count
                    ? null
                    : Rejection.Invalid("terminal.guns.gun_id", terminal.TerminalId, new("在其终端内须唯一", "must be unique in its terminal")))
            : null);

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<Terminal>(CardKey.Terminal(request.Terminal.TerminalId));
        cards.Get<Station>(CardKey.Station(request.Terminal.StationId));
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        if (cards.Get<Station>(CardKey.Station(request.Terminal.StationId)) is not { } station)
        {
            return Decision.Rejected(Rejection.NotFound("terminal.station_id", request.Terminal.StationId, new("充装站", "station")));
        }

        var key = CardKey.Terminal(request.Terminal.TerminalId);
        var known = cards.Get<Terminal>(key);
        if (known?.Guns.FirstOrDefault(gun => gun.Locked && request.Terminal.Guns.All(kept => kept.GunId != gun.GunId)) is { } locked)
        {
            // It could come back without its lock.
            return Decision.Rejected(Rejection.Forbidden("terminal.guns", locked.GunId, new("已被监管锁定，解锁前不得移除", "is locked by the regulator and must stay until it is unlocked"), "SCALE_LOCKED"));
        }

        var terminal = request.Terminal.Clone();
        terminal.Locked = known?.Locked ?? false;
        foreach (var gun in terminal.Guns)
        {
            gun.Locked = known?.Guns.FirstOrDefault(before => before.GunId == gun.GunId)?.Locked ?? false;
        }

        var put = Origin.Event(now, terminal.TerminalId, station, terminal.Gas);
        put.TerminalPut = new TerminalPut { Terminal = terminal };
        return Decision.Happened([put], [new CardChange(key, terminal)]);
    }

    /// <inheritdoc />
    public override PutTerminalResponse Reply(Event answer, long position) => new() { Position = position };
}
