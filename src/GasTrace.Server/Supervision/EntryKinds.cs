using System.Collections.Frozen;
using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Server.Supervision;

/// <summary>Kinds of entry by the name of the field in the event's body.</summary>
public static class EntryKinds
{
    private static readonly FrozenDictionary<string, int> Numbers = Event.Descriptor.Oneofs.Single(oneof => oneof.Name == "body").Fields
        .ToFrozenDictionary(field => field.Name, field => field.FieldNumber, StringComparer.Ordinal);

    private static readonly string[] Names = [.. Numbers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A kind's number; the name must be valid.</summary>
    public static int NumberOf(string kind) => Numbers[kind];

    /// <summary>The name of a kind that there is.</summary>
    public static Rejection? BeKind(string field, string kind) => Must.BeOneOf(field, kind, Names);
}
