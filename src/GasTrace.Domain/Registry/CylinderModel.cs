using System.Collections.Frozen;

namespace GasTrace.Domain.Registry;

/// <summary>A published model of LPG cylinder (GB 5842).</summary>
/// <param name="Name">Short way of writing, for instance <c>YSP35.5</c>.</param>
/// <param name="WaterCapacityMl">Water capacity, millilitres.</param>
/// <param name="MaxNetMassG">Greatest mass of contents, grams; 0 where the model may not be filled.</param>
/// <param name="TwoPhase">Gas and liquid (气液双相): never filled, recalled.</param>
public sealed record CylinderModel(string Name, int WaterCapacityMl, int MaxNetMassG, bool TwoPhase)
{
    private static readonly FrozenDictionary<string, CylinderModel> ByName = Published()
        .SelectMany(entry => entry.Names.Select(name => (name, entry.Model)))
        .ToFrozenDictionary(pair => pair.name, pair => pair.Model, StringComparer.Ordinal);

    /// <summary>The published model that a register's text names, either way of writing; null where it is none.</summary>
    public static CylinderModel? Find(string model) => ByName.GetValueOrDefault(model);

    /// <summary>The short way of writing a model, by which recalls are kept.</summary>
    public static string ShortName(string model) => Find(model)?.Name ?? model;

    private static (CylinderModel Model, string[] Names)[] Published() =>
    [
        (new("YSP4.7", 4_700, 1_900, false), ["YSP4.7", "YSP4.7/1.9"]),
        (new("YSP12", 12_000, 5_000, false), ["YSP12", "YSP12/5.0", "YSP12/5"]),
        (new("YSP23.5", 23_500, 9_800, false), ["YSP23.5", "YSP23.5/9.8"]),
        (new("YSP26.2", 26_200, 11_000, false), ["YSP26.2", "YSP26.2/11.0", "YSP26.2/11"]),
        (new("YSP28.6", 28_600, 12_000, false), ["YSP28.6", "YSP28.6/12.0"]),
        (new("YSP35.5", 35_500, 14_900, false), ["YSP35.5", "YSP35.5/14.9"]),
        (new("YSP74", 74_000, 31_000, false), ["YSP74", "YSP74/31.0"]),
        (new("YSP118", 118_000, 49_500, false), ["YSP118", "YSP118/49.5"]),
        (new("YSP118/液/49.5", 118_000, 49_500, false), ["YSP118/液/49.5", "YSP118/液"]),
        (new("YSP118-II", 118_000, 0, true), ["YSP118-II", "YSP118-Ⅱ", "YSP118II"]),
    ];
}
