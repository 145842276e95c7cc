using System.Globalization;
using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>The greatest mass of contents: water capacity × filling coefficient of the gas (GB/T 14193), never more.</summary>
internal static class FillingMass
{
    private const int RoundedDownTo = 100;

    /// <summary>
    /// Grams that a cylinder may hold; null where its gas, or a component of it, has no coefficient (it is filled by pressure). Of a
    /// mixture the lowest coefficient counts.
    /// </summary>
    public static long? CeilingG(CylinderFacts cylinder, LimitTable limits)
    {
        var lowest = long.MaxValue;
        foreach (var component in Gases.ComponentsOf(cylinder.Gas))
        {
            if (limits.Find(LimitNames.FillingCoefficient(component)) is not { } gramsPerLitre)
            {
                return null;
            }

            lowest = Math.Min(lowest, gramsPerLitre);
        }

        return cylinder.WaterCapacityMl * lowest / 1_000;
    }

    /// <summary>The figure to register: as stated, else the published model's, else the ceiling rounded down to 0.1 kg.</summary>
    public static int Of(CylinderFacts cylinder, LimitTable limits) => cylinder.MaxNetMassG > 0 ? cylinder.MaxNetMassG : Derived(cylinder, limits);

    /// <summary>The figure as it is registered where none is stated; 0 where nothing bounds it.</summary>
    public static int Derived(CylinderFacts cylinder, LimitTable limits)
    {
        // The smallest are not rounded: 0 would mean that nothing bounds them.
        var ceiling = CeilingG(cylinder, limits) is { } grams ? (int)(grams < RoundedDownTo ? grams : grams / RoundedDownTo * RoundedDownTo) : 0;
        var published = CylinderModel.Find(cylinder.Model)?.MaxNetMassG ?? 0;
        return published > 0 && published < ceiling ? published : ceiling;
    }

    /// <summary>Refuses a stated figure above the ceiling: real registers contain models that break it.</summary>
    public static Rejection? Check(CylinderFacts cylinder, LimitTable limits) =>
        CeilingG(cylinder, limits) is { } ceiling && cylinder.MaxNetMassG > ceiling
            ? Rejection.Invalid(
                "max_net_mass_g",
                cylinder.MaxNetMassG.ToString(CultureInfo.InvariantCulture),
                new($"最多 {ceiling} g：水容积 × {cylinder.Gas} 的充装系数", $"must be at most {ceiling} g: water capacity × filling coefficient of {cylinder.Gas}"),
                "MAX_FILL_INVALID")
            : null;
}
