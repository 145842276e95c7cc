using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>A change of one registered cylinder: its card is copied, changed, and one event says what happened.</summary>
/// <typeparam name="TReply">What the caller is answered.</typeparam>
public abstract class CylinderCommand<TReply>(IMessage request, string requestId, string actorId, string cylinderId)
    : Command<TReply>(request, requestId, actorId)
{
    /// <summary>
    /// True for what may still be said of a scrapped cylinder: where it is, and that it is blacklisted or held. It may turn up
    /// again, and a blacklisting is about what was filled before.
    /// </summary>
    protected virtual bool AllowsScrapped => false;

    /// <inheritdoc />
    public sealed override Rejection? Validate() =>
        Must.All(Must.BeUuid("request_id", Origin.RequestId), Must.BeId("actor_id", Origin.ActorId), Must.BeId("cylinder_id", cylinderId), ValidateChange());

    /// <inheritdoc />
    public sealed override void Name(CardSet cards)
    {
        if (cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId)) is { } card)
        {
            PermitStation(card, cards);
            NameMore(card.Cylinder, cards);
        }
    }

    /// <inheritdoc />
    public sealed override Decision Decide(CardSet cards, Moment now)
    {
        if (cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId)) is not { } card)
        {
            return Decision.Rejected(Rejection.NotFound("cylinder_id", cylinderId, new("气瓶", "cylinder")));
        }

        if (card.Cylinder.Scrapped && !AllowsScrapped)
        {
            return Decision.Rejected(Rejection.Forbidden("cylinder_id", cylinderId, new("气瓶已报废", "the cylinder was scrapped"), "CYLINDER_SCRAPPED"));
        }

        var change = new CylinderChange(card.Clone(), cards, now, Origin.Event(now, cylinderId, string.Empty, CodeRegion.Of(card.Cylinder.Code), card.Cylinder.Gas));
        if (Change(change) is { } rejection)
        {
            return Decision.Rejected(rejection);
        }

        List<CardChange> changes = [new(CardKey.Cylinder(cylinderId), change.Card), .. change.More];
        return Decision.Happened([.. change.Before, change.Event], changes);
    }

    /// <summary>Checks the shape of what is particular to the change.</summary>
    protected virtual Rejection? ValidateChange() => null;

    /// <summary>Asks for further cards.</summary>
    protected virtual void NameMore(Cylinder cylinder, CardSet cards)
    {
    }

    /// <summary>Changes the copy and fills in the event; a rejection leaves no trace.</summary>
    protected abstract Rejection? Change(CylinderChange change);

    /// <summary>Revokes a permit that is issued and not begun, because of what happens to the cylinder.</summary>
    protected void RevokePermit(CylinderChange change, string reason)
    {
        if (Filling.PermitLifecycle.Revoke(change.Card, Origin, PermitStation(change.Card, change.Cards), change.Now, reason) is { } revoked)
        {
            change.Before.Add(revoked);
        }
    }

    private static string PermitStation(CylinderCard card, CardSet cards) => Filling.PermitLifecycle.RegionOf(card.OpenPermit, cards);
}

/// <summary>A change in the making.</summary>
/// <param name="Card">The change's own copy of the card.</param>
/// <param name="Cards">The cards read.</param>
/// <param name="Now">When.</param>
/// <param name="Event">The event, with its header filled in.</param>
public sealed record CylinderChange(CylinderCard Card, CardSet Cards, Moment Now, Event Event)
{
    /// <summary>The cylinder, to be changed.</summary>
    public Cylinder Cylinder => Card.Cylinder;

    /// <summary>Events that come before the answer.</summary>
    public List<Event> Before { get; } = [];

    /// <summary>Changes of other cards.</summary>
    public List<CardChange> More { get; } = [];
}
