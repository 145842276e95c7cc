using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>Gives a cylinder a new code and retires the old one for ever. Re-labelling without it counts as filling a cylinder that is not one's own.</summary>
public sealed class ReplaceCodeCommand(ReplaceCodeRequest request, IReadOnlyList<CodeFormat> formats)
    : CylinderCommand<ReplaceCodeResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.All(
        Must.BeId("old_code", request.OldCode),
        request.NewCode.Length > 0 ? CylinderRegistrationShape.BeCode("new_code", request.NewCode, formats) : null,
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    protected override void NameMore(Cylinder cylinder, CardSet cards)
    {
        cards.Get<AliasCard>(CardKey.Alias(AliasKind.Code, cylinder.Code));
        cards.Get<AliasCard>(CardKey.Alias(AliasKind.Code, NewCode(cylinder)));
    }

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        var cylinder = change.Cylinder;
        if (CodeReading.Read(request.OldCode, formats).Value != cylinder.Code)
        {
            return Rejection.Forbidden("old_code", request.OldCode, new("不是该气瓶的现用瓶码", "is not the cylinder's live code"), "CODE_NOT_LIVE");
        }

        var newCode = NewCode(cylinder);
        if (change.Cards.Get<AliasCard>(CardKey.Alias(AliasKind.Code, newCode)) is { } taken)
        {
            return CylinderAliases.Taken("new_code", AliasKind.Code, newCode, taken);
        }

        change.Event.CodeReplaced = new CodeReplaced { OldCode = cylinder.Code, NewCode = newCode, Reason = request.Reason };
        change.More.Add(CylinderAliases.Void(cylinder, AliasKind.Code, cylinder.Code));
        change.More.Add(CylinderAliases.Bind(cylinder, AliasKind.Code, newCode));
        cylinder.Code = newCode;
        return null;
    }

    private string NewCode(Cylinder cylinder) => request.NewCode.Length > 0
        ? CodeReading.Read(request.NewCode, formats).Value
        : IssuedIdentity.Code(CodeRegion.Of(cylinder.Code) is { Length: > 0 } region ? region : "000000", request.RequestId);

    /// <inheritdoc />
    public override ReplaceCodeResponse Reply(Event answer, long position) => new() { Position = position, Code = answer.CodeReplaced.NewCode };
}
