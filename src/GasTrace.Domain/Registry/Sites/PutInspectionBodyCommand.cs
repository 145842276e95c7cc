using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Registers an inspection body or revokes its approval: one card, so its inspections fall at once.</summary>
public sealed class PutInspectionBodyCommand(PutInspectionBodyRequest request)
    : Command<PutInspectionBodyResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeThere("inspection_body", request.InspectionBody),
        Must.BeId("inspection_body.inspection_body_id", request.InspectionBody?.InspectionBodyId ?? string.Empty),
        Must.BeText("inspection_body.name", request.InspectionBody?.Name ?? string.Empty, 0, Must.TextLengthMax),
        Must.BeDayOrEmpty("inspection_body.revoked_from", request.InspectionBody?.RevokedFrom));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<InspectionBody>(CardKey.InspectionBody(request.InspectionBody.InspectionBodyId));
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        var put = Origin.Event(now, request.InspectionBody.InspectionBodyId, string.Empty);
        put.InspectionBodyPut = new InspectionBodyPut { InspectionBody = request.InspectionBody };
        return Decision.Happened([put], [new CardChange(CardKey.InspectionBody(request.InspectionBody.InspectionBodyId), request.InspectionBody)]);
    }

    /// <inheritdoc />
    public override PutInspectionBodyResponse Reply(Event answer, long position) => new() { Position = position };
}
