using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>Aliases are unique for ever, voided ones included.</summary>
internal static class CylinderAliases
{
    /// <summary>The alias is or was another's.</summary>
    public static Rejection Taken(string field, AliasKind kind, string value, AliasCard taken) => Rejection.Taken(
        field,
        value,
        taken.Voided ? new("已作废，不得再用", "was retired and is never used again") : new($"已绑定气瓶 {taken.CylinderId}", $"is bound to cylinder {taken.CylinderId}"),
        kind == AliasKind.Code ? "CODE_TAKEN" : "ALIAS_TAKEN");

    /// <summary>Marks an alias of a cylinder as voided, on the caller's own copy.</summary>
    public static CardChange Void(Cylinder own, AliasKind kind, string value)
    {
        own.Aliases.First(alias => alias.Kind == kind && alias.Value == value).Voided = true;
        return new CardChange(CardKey.Alias(kind, value), new AliasCard { CylinderId = own.CylinderId, Kind = kind, Voided = true });
    }

    /// <summary>Binds an alias to a cylinder, on the caller's own copy.</summary>
    public static CardChange Bind(Cylinder own, AliasKind kind, string value)
    {
        own.Aliases.Add(new Alias { Kind = kind, Value = value });
        return new CardChange(CardKey.Alias(kind, value), new AliasCard { CylinderId = own.CylinderId, Kind = kind });
    }
}
