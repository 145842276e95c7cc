using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>Binds an alias to a cylinder.</summary>
public sealed class BindAliasCommand(BindAliasRequest request)
    : CylinderCommand<BindAliasResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    private readonly string value = AliasText.Normalise(request.Alias?.Value ?? string.Empty);

    /// <inheritdoc />
    protected override Rejection? ValidateChange() => CylinderRegistrationShape.BeAlias("alias", request.Alias);

    /// <inheritdoc />
    protected override void NameMore(Cylinder cylinder, CardSet cards) => cards.Get<AliasCard>(CardKey.Alias(request.Alias.Kind, value));

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        if (change.Cards.Get<AliasCard>(CardKey.Alias(request.Alias.Kind, value)) is { } taken)
        {
            return CylinderAliases.Taken("alias.value", request.Alias.Kind, value, taken);
        }

        change.More.Add(CylinderAliases.Bind(change.Cylinder, request.Alias.Kind, value));
        change.Event.AliasBound = new AliasBound { Alias = new Alias { Kind = request.Alias.Kind, Value = value } };
        return null;
    }

    /// <inheritdoc />
    public override BindAliasResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Voids an alias for ever.</summary>
public sealed class VoidAliasCommand(VoidAliasRequest request)
    : CylinderCommand<VoidAliasResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    private readonly string value = AliasText.Normalise(request.Alias?.Value ?? string.Empty);

    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.All(CylinderRegistrationShape.BeAlias("alias", request.Alias), Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    protected override void NameMore(Cylinder cylinder, CardSet cards) => cards.Get<AliasCard>(CardKey.Alias(request.Alias.Kind, value));

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        // The cylinder's card may come from a cache, older than the alias's: then it does not know the alias yet.
        if (change.Cards.Get<AliasCard>(CardKey.Alias(request.Alias.Kind, value)) is not { Voided: false } bound || bound.CylinderId != request.CylinderId
            || !change.Cylinder.Aliases.Any(alias => alias.Kind == request.Alias.Kind && alias.Value == value))
        {
            return Rejection.Forbidden("alias.value", value, new("不是该气瓶的现用标识", "is not a live alias of this cylinder"), "ALIAS_NOT_LIVE");
        }

        change.More.Add(CylinderAliases.Void(change.Cylinder, request.Alias.Kind, value));
        change.Event.AliasVoided = new AliasVoided { Alias = new Alias { Kind = request.Alias.Kind, Value = value, Voided = true }, Reason = request.Reason };
        return null;
    }

    /// <inheritdoc />
    public override VoidAliasResponse Reply(Event answer, long position) => new() { Position = position };
}
