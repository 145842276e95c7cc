using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Locks on stations, terminals and guns: each stands on the card of what it locks.</summary>
internal static class ScaleLock
{
    /// <summary>What is locked: the gun, else the whole terminal, else the whole station.</summary>
    public readonly record struct Target(string StationId, string TerminalId, string GunId);

    /// <summary>The first rule that a request breaks, or null.</summary>
    public static Rejection? Validate(string requestId, string actorId, Target target, string reason) => Must.All(
        Must.BeUuid("request_id", requestId),
        Must.BeId("actor_id", actorId),
        Must.BeId("station_id", target.StationId),
        Must.BeIdOrEmpty("terminal_id", target.TerminalId),
        Must.BeIdOrEmpty("gun_id", target.GunId),
        target.GunId.Length > 0 && target.TerminalId.Length == 0 ? Rejection.Invalid("terminal_id", string.Empty, new("给出 gun_id 时必填", "must be given with gun_id")) : null,
        Must.BeReason("reason", reason));

    /// <summary>Asks for the cards.</summary>
    public static void Name(CardSet cards, Target target)
    {
        cards.Get<Station>(CardKey.Station(target.StationId));
        if (target.TerminalId.Length > 0)
        {
            cards.Get<Terminal>(CardKey.Terminal(target.TerminalId));
        }
    }

    /// <summary>Locks or unlocks.</summary>
    public static Decision Change(Origin origin, CardSet cards, Moment now, Target target, bool locked, string reason)
    {
        if (cards.Get<Station>(CardKey.Station(target.StationId)) is not { } station)
        {
            return Decision.Rejected(Rejection.NotFound("station_id", target.StationId, new("充装站", "station")));
        }

        var changed = origin.Event(now, target.TerminalId.Length > 0 ? target.TerminalId : target.StationId, station);
        changed.ScaleLockChanged = new ScaleLockChanged { TerminalId = target.TerminalId, GunId = target.GunId, Locked = locked, Reason = reason };
        if (target.TerminalId.Length == 0)
        {
            var own = station.Clone();
            own.Locked = locked;
            return Decision.Happened([changed], [new CardChange(CardKey.Station(target.StationId), own)]);
        }

        if (cards.Get<Terminal>(CardKey.Terminal(target.TerminalId))?.Clone() is not { } terminal || terminal.StationId != target.StationId)
        {
            return Decision.Rejected(Rejection.NotFound("terminal_id", target.TerminalId, new("该站的终端", "terminal of this station")));
        }

        if (target.GunId.Length == 0)
        {
            terminal.Locked = locked;
        }
        else if (terminal.Guns.FirstOrDefault(gun => gun.GunId == target.GunId) is { } gun)
        {
            gun.Locked = locked;
        }
        else
        {
            return Decision.Rejected(Rejection.NotFound("gun_id", target.GunId, new("该终端的枪", "gun of this terminal")));
        }

        return Decision.Happened([changed], [new CardChange(CardKey.Terminal(target.TerminalId), terminal)]);
    }
}
