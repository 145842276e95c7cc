using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>Closes a permit that nobody came back to. The sweeper's command: its answer is whether there was anything to close.</summary>
public sealed class ExpirePermitCommand(string permitId) : ICommand<bool>
{
    private readonly string cylinderId = PermitId.TryParse(permitId, out var cylinder, out _) ? cylinder : string.Empty;

    /// <inheritdoc />
    public string RequestId => string.Empty;

    /// <inheritdoc />
    public ReadOnlyMemory<byte> RequestDigest => ReadOnlyMemory<byte>.Empty;

    /// <inheritdoc />
    public Rejection? Validate() => Must.BeId("permit_id", permitId);

    /// <inheritdoc />
    public void Name(CardSet cards)
    {
        PermitLifecycle.RegionOf(cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId))?.OpenPermit, cards);
    }

    /// <inheritdoc />
    public Decision Decide(CardSet cards, Moment now)
    {
        var card = cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId));
        if (card?.OpenPermit is not { } open || open.Terms.PermitId != permitId || !PermitLifecycle.IsLapsed(card, now))
        {
            return Decision.Rejected(Rejection.Forbidden("permit_id", permitId, new("许可尚未到期", "the permit is not due to expire"), "PERMIT_NOT_DUE"));
        }

        var next = PermitLifecycle.CopyPermits(card);
        var expired = PermitLifecycle.Expire(next, PermitLifecycle.RegionOf(open, cards), now);
        return Decision.Happened([expired], [new CardChange(CardKey.Cylinder(cylinderId), next)]);
    }

    /// <inheritdoc />
    public bool Reply(Event answer, long position) => true;
}
