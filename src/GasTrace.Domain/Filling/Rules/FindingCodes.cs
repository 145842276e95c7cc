using System.Collections.Frozen;
using GasTrace.V1;
using Google.Protobuf.Reflection;

namespace GasTrace.Domain.Filling.Rules;

/// <summary>Machine codes: the names in the contract without their prefix.</summary>
public static class FindingCodes
{
    private static readonly FrozenDictionary<int, string> Refusals = Names(FindingReflection.Descriptor.FindTypeByName<EnumDescriptor>("RefusalCode"), "REFUSAL_CODE_");
    private static readonly FrozenDictionary<int, string> Warnings = Names(FindingReflection.Descriptor.FindTypeByName<EnumDescriptor>("WarningCode"), "WARNING_CODE_");
    private static readonly FrozenDictionary<int, string> Violations = Names(FindingReflection.Descriptor.FindTypeByName<EnumDescriptor>("ViolationCode"), "VIOLATION_CODE_");

    private static readonly FrozenDictionary<int, int> Bits = Refusals.Keys.Where(number => number > 0).Order()
        .Select((number, bit) => (number, bit)).ToFrozenDictionary(pair => pair.number, pair => pair.bit);

    /// <summary>The machine code of a refusal.</summary>
    public static string NameOf(RefusalCode code) => Refusals[(int)code];

    /// <summary>The machine code of a warning.</summary>
    public static string NameOf(WarningCode code) => Warnings[(int)code];

    /// <summary>The machine code of a violation.</summary>
    public static string NameOf(ViolationCode code) => Violations[(int)code];

    /// <summary>Refusals as bits for small controllers: bit n is the n-th code in ascending order.</summary>
    public static ulong Bitmap(IEnumerable<Finding> findings) =>
        findings.Aggregate(0UL, (bits, finding) => bits | (1UL << Bits[(int)finding.Refusal]));

    private static FrozenDictionary<int, string> Names(EnumDescriptor descriptor, string prefix) =>
        descriptor.Values.ToFrozenDictionary(value => value.Number, value => value.Name[prefix.Length..]);
}
