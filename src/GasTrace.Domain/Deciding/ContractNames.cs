using System.Collections.Frozen;
using System.Reflection;
using Google.Protobuf.Reflection;

namespace GasTrace.Domain.Deciding;

/// <summary>The values of an enumeration as the contract writes them, for errors and facts: who calls without .NET knows no other names.</summary>
/// <typeparam name="TEnum">An enumeration of the contract.</typeparam>
internal static class ContractNames<TEnum>
    where TEnum : struct, System.Enum
{
    private static readonly FrozenDictionary<TEnum, string> Names = typeof(TEnum).GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToFrozenDictionary(field => (TEnum)field.GetValue(null)!, field => field.GetCustomAttribute<OriginalNameAttribute>()!.Name);

    private static readonly TEnum[] AllButUnspecified = [.. System.Enum.GetValues<TEnum>().Skip(1)];

    /// <summary>All values but the unspecified one, in the order of their numbers.</summary>
    public static ReadOnlySpan<TEnum> Specified => AllButUnspecified;

    /// <summary>The name of a value, or its number when it has none.</summary>
    public static string Of(TEnum value) => Names.TryGetValue(value, out var name) ? name : value.ToString();

    /// <summary>The names of some values, with blanks between.</summary>
    public static string Of(IEnumerable<TEnum> values) => string.Join(' ', values.Select(Of));
}
