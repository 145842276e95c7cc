using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>What is registered of a cylinder's making and measure: stated at registration, set right by a correction.</summary>
internal static class RegisteredFacts
{
    /// <summary>Most that a tare may be, grams.</summary>
    public const int TareMaxG = 5_000_000;

    public static CylinderFacts Of(CylinderRegistration given) => new()
    {
        ManufacturedOn = given.ManufacturedOn,
        Model = given.Model,
        Gas = given.Gas,
        Kind = given.Kind,
        WaterCapacityMl = given.WaterCapacityMl,
        TareG = given.TareG,
        MaxNetMassG = given.MaxNetMassG,
        InspectionDueOn = given.InspectionDueOn,
        InspectionDuePrecision = given.InspectionDuePrecision,
        ServiceLifeEndsOn = given.ServiceLifeEndsOn,
        ServiceLifePrecision = given.ServiceLifePrecision,
        Refurbished = given.Refurbished,
        CorrosiveEnvironment = given.CorrosiveEnvironment,
    };

    public static CylinderFacts Of(Cylinder cylinder) => new()
    {
        ManufacturedOn = cylinder.ManufacturedOn,
        Model = cylinder.Model,
        Gas = cylinder.Gas,
        Kind = cylinder.Kind,
        WaterCapacityMl = cylinder.WaterCapacityMl,
        TareG = cylinder.TareG,
        MaxNetMassG = cylinder.MaxNetMassG,
        InspectionDueOn = cylinder.InspectionDueOn,
        InspectionDuePrecision = cylinder.InspectionDuePrecision,
        ServiceLifeEndsOn = cylinder.ServiceLifeEndsOn,
        ServiceLifePrecision = cylinder.ServiceLifePrecision,
        Refurbished = cylinder.Refurbished,
        CorrosiveEnvironment = cylinder.CorrosiveEnvironment,
    };

    public static void Put(Cylinder cylinder, CylinderFacts facts)
    {
        cylinder.ManufacturedOn = facts.ManufacturedOn;
        cylinder.Model = facts.Model;
        cylinder.Gas = facts.Gas;
        cylinder.Kind = facts.Kind;
        cylinder.WaterCapacityMl = facts.WaterCapacityMl;
        cylinder.TareG = facts.TareG;
        cylinder.MaxNetMassG = facts.MaxNetMassG;
        cylinder.InspectionDueOn = facts.InspectionDueOn;
        cylinder.InspectionDuePrecision = facts.InspectionDuePrecision;
        cylinder.ServiceLifeEndsOn = facts.ServiceLifeEndsOn;
        cylinder.ServiceLifePrecision = facts.ServiceLifePrecision;
        cylinder.Refurbished = facts.Refurbished;
        cylinder.CorrosiveEnvironment = facts.CorrosiveEnvironment;
    }

    /// <summary>The shape of what is stated.</summary>
    public static Rejection? Validate(CylinderFacts facts) => Must.All(
        Must.BeDay("manufactured_on", facts.ManufacturedOn),
        Must.BeId("model", facts.Model),
        Must.BeGas("gas", facts.Gas),
        Must.BeNamedOrUnspecified("kind", facts.Kind),
        Must.BeWithin("water_capacity_ml", facts.WaterCapacityMl, 100, 5_000_000),
        Must.BeWithin("tare_g", facts.TareG, 0, TareMaxG),
        Must.BeWithin("max_net_mass_g", facts.MaxNetMassG, 0, 5_000_000),
        Must.BeDayOrEmpty("inspection_due_on", facts.InspectionDueOn),
        Must.BeNamedOrUnspecified("inspection_due_precision", facts.InspectionDuePrecision),
        Must.BeDayOrEmpty("service_life_ends_on", facts.ServiceLifeEndsOn),
        Must.BeNamedOrUnspecified("service_life_precision", facts.ServiceLifePrecision));

    /// <summary>The family as gas and date of manufacture tell it.</summary>
    public static CylinderKind DerivedKind(CylinderFacts facts) => InspectionCalendar.KindOf(facts.Gas, facts.ManufacturedOn.ToDay());
}
