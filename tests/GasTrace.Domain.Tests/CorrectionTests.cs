using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry.Cylinders;
using GasTrace.V1;
using Google.Protobuf.WellKnownTypes;

namespace GasTrace.Domain.Tests;

/// <summary>What was registered wrongly is set right.</summary>
public sealed class CorrectionTests
{
    private readonly World world = new();

    private Cylinder Cylinder => world.CylinderCard.Cylinder;

    [Fact]
    public void Only_what_is_named_is_set_right_and_the_entry_holds_both()
    {
        var before = Cylinder.Clone();
        world.Do(Correct(new CylinderFacts { TareG = 16_900, Model = "not named" }, "tare_g"));
        var corrected = world.Ledger[^1].CylinderCorrected;
        Assert.Equal((before.TareG, 16_900), (corrected.Before.TareG, corrected.After.TareG));
        Assert.Equal("read 16.9 as 16.5", corrected.Reason);
        before.TareG = 16_900;
        Assert.Equal(before, Cylinder);
    }

    [Fact]
    public void Every_fact_can_be_set_right_and_one_that_is_named_and_absent_is_forgotten()
    {
        var right = new CylinderFacts
        {
            ManufacturedOn = World.Day(Cylinder.ManufacturedOn.Year, 1, 2), Model = "YSP12", Gas = "AR-CO2", Kind = CylinderKind.Welded, WaterCapacityMl = 12_000, TareG = 7_000, MaxNetMassG = 0,
            InspectionDueOn = World.Day(2027, 5, 1), InspectionDuePrecision = DatePrecision.Month, ServiceLifeEndsOn = World.Day(2030, 1, 1), ServiceLifePrecision = DatePrecision.Month,
            Refurbished = true, CorrosiveEnvironment = true,
        };
        var all = CylinderFacts.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name).ToArray();
        world.Do(Correct(right, all));
        Assert.Equal(right, world.Ledger[^1].CylinderCorrected.After);
        var cylinder = Cylinder;
        Assert.Equal(
            (right.ManufacturedOn, "YSP12", "AR-CO2", CylinderKind.Welded, 12_000, 7_000, right.InspectionDueOn, DatePrecision.Month, right.ServiceLifeEndsOn, DatePrecision.Month),
            (cylinder.ManufacturedOn, cylinder.Model, cylinder.Gas, cylinder.Kind, cylinder.WaterCapacityMl, cylinder.TareG, cylinder.InspectionDueOn, cylinder.InspectionDuePrecision, cylinder.ServiceLifeEndsOn, cylinder.ServiceLifePrecision));
        Assert.True(cylinder is { Refurbished: true, CorrosiveEnvironment: true });
        Assert.Equal("AR-CO2", world.Ledger[^1].Gas);

        world.Do(Correct(new CylinderFacts(), "inspection_due_on", "service_life_ends_on", "refurbished"));
        Assert.True(Cylinder is { InspectionDueOn: null, ServiceLifeEndsOn: null, Refurbished: false, CorrosiveEnvironment: true });
    }

    [Fact]
    public void A_date_brings_how_exact_it_is_along()
    {
        (Cylinder.InspectionDuePrecision, Cylinder.ServiceLifePrecision) = (DatePrecision.Month, DatePrecision.Month);
        world.Do(Correct(new CylinderFacts { InspectionDueOn = World.Day(2027, 5, 20), ServiceLifeEndsOn = World.Day(2030, 7, 9) }, "inspection_due_on", "service_life_ends_on"));
        Assert.Equal((DatePrecision.Unspecified, DatePrecision.Unspecified), (Cylinder.InspectionDuePrecision, Cylinder.ServiceLifePrecision));
        world.Do(Correct(new CylinderFacts { InspectionDueOn = World.Day(2027, 6, 1), InspectionDuePrecision = DatePrecision.Month }, "inspection_due_on"));
        Assert.Equal((DatePrecision.Month, DatePrecision.Unspecified), (Cylinder.InspectionDuePrecision, Cylinder.ServiceLifePrecision));
        world.Do(Correct(new CylinderFacts { ServiceLifePrecision = DatePrecision.Month }, "service_life_precision"));
        Assert.Equal((World.Day(2030, 7, 9), DatePrecision.Month), (Cylinder.ServiceLifeEndsOn, Cylinder.ServiceLifePrecision));
        world.Do(Correct(new CylinderFacts(), "service_life_ends_on"));
        Assert.Equal((null, DatePrecision.Unspecified), (Cylinder.ServiceLifeEndsOn, Cylinder.ServiceLifePrecision));
    }

    [Fact]
    public void Family_and_greatest_mass_follow_where_they_did_before()
    {
        (Cylinder.Kind, Cylinder.WaterCapacityMl, Cylinder.Model, Cylinder.MaxNetMassG) = (CylinderKind.Lpg2006, 35_500, "YSP35.5", 14_900);
        world.Do(Correct(new CylinderFacts { WaterCapacityMl = 12_000, Model = "YSP12" }, "water_capacity_ml", "model"));
        Assert.Equal((CylinderKind.Lpg2006, 5_000), (Cylinder.Kind, Cylinder.MaxNetMassG));
        world.Do(Correct(new CylinderFacts { Gas = "O2" }, "gas"));
        Assert.Equal((CylinderKind.Seamless, 0), (Cylinder.Kind, Cylinder.MaxNetMassG));
    }

    [Fact]
    public void What_was_stated_before_stays_as_it_was_stated()
    {
        (Cylinder.Kind, Cylinder.WaterCapacityMl, Cylinder.Model, Cylinder.MaxNetMassG) = (CylinderKind.Welded, 35_500, "YSP35.5", 14_000);
        world.Do(Correct(new CylinderFacts { WaterCapacityMl = 35_600, Gas = "PROPANE" }, "water_capacity_ml", "gas"));
        Assert.Equal((CylinderKind.Welded, 14_000), (Cylinder.Kind, Cylinder.MaxNetMassG));
        world.Do(Correct(new CylinderFacts { Gas = "LPG" }, "gas", "kind", "max_net_mass_g"));
        Assert.Equal((CylinderKind.Lpg2006, 14_900), (Cylinder.Kind, Cylinder.MaxNetMassG));
    }

    [Fact]
    public void A_permit_that_is_issued_is_revoked_and_the_next_scan_rests_on_what_is_right()
    {
        Assert.NotNull(world.Scan(World.NewScan()).Permit);
        world.Do(Correct(new CylinderFacts { TareG = 0 }, "tare_g"));
        Assert.Equal(AbortCause.Revoked, world.Ledger[^2].FillAborted.Cause);
        Assert.Equal(["TARE_UNKNOWN"], world.Refusals(World.NewScan()));
    }

    [Theory]
    [InlineData("", "update_mask")]
    [InlineData("maker", "update_mask")]
    [InlineData("model", "model")]
    [InlineData("gas", "gas")]
    [InlineData("water_capacity_ml", "water_capacity_ml")]
    [InlineData("manufactured_on", "manufactured_on")]
    public void What_is_named_and_is_no_fact_or_breaks_its_rule_is_refused_by_name(string named, string field) =>
        Assert.Equal(field, Try(new CylinderFacts { TareG = 16_900 }, named.Length > 0 ? [named] : [])?.Field);

    [Fact]
    public void The_day_of_manufacture_stays_within_its_year_and_before_all_that_came_after_it()
    {
        var year = Cylinder.ManufacturedOn.Year;
        Assert.Equal("manufactured_on", Try(new CylinderFacts { ManufacturedOn = World.Day(year - 1, 12, 31) }, "manufactured_on")?.Field);
        Cylinder.LastInspection = new Inspection { InspectedOn = World.Day(year, 6, 1), Result = InspectionResult.Passed };
        Assert.Equal("manufactured_on", Try(new CylinderFacts { ManufacturedOn = World.Day(year, 6, 2) }, "manufactured_on")?.Field);
        world.Do(Correct(new CylinderFacts { ManufacturedOn = World.Day(year, 6, 1) }, "manufactured_on"));
        Cylinder.OutOfUse = new OutOfUse { From = World.Day(year, 3, 1) };
        Assert.Equal("manufactured_on", Try(new CylinderFacts { ManufacturedOn = World.Day(year, 3, 2) }, "manufactured_on")?.Field);

        (Cylinder.LastInspection, Cylinder.OutOfUse, Cylinder.ManufacturedOn) = (null, null, World.Day(2026, 1, 1));
        Assert.Equal("manufactured_on", Try(new CylinderFacts { ManufacturedOn = World.Day(2026, 12, 31) }, "manufactured_on")?.Field);
    }

    [Fact]
    public void More_than_capacity_and_gas_allow_is_refused_and_so_is_what_is_registered_already()
    {
        Assert.Equal("MAX_FILL_INVALID", Try(new CylinderFacts { MaxNetMassG = 1_000_000 }, "max_net_mass_g")?.Reason);
        Assert.Equal("facts", Try(new CylinderFacts { TareG = Cylinder.TareG }, "tare_g")?.Field);
    }

    [Fact]
    public void A_coefficient_that_was_lowered_since_stands_only_in_the_way_of_what_it_bears_on()
    {
        world.Limit(LimitNames.FillingCoefficient("LPG"), 400);
        Assert.Equal("MAX_FILL_INVALID", Try(new CylinderFacts { WaterCapacityMl = 35_600 }, "water_capacity_ml")?.Reason);
        world.Do(Correct(new CylinderFacts { TareG = 16_900 }, "tare_g"));
        Assert.Equal((16_900, 14_900), (Cylinder.TareG, Cylinder.MaxNetMassG));
        world.Do(Correct(new CylinderFacts(), "max_net_mass_g"));
        Assert.Equal(14_200, Cylinder.MaxNetMassG);
    }

    [Fact]
    public void A_scrapped_cylinder_is_corrected_no_more_and_a_reason_is_given()
    {
        var command = Request(new CylinderFacts { TareG = 1 }, "tare_g");
        command.Reason = string.Empty;
        Assert.Equal("reason", new CorrectCylinderCommand(command).Validate()?.Field);
        Cylinder.Scrapped = true;
        Assert.Equal("CYLINDER_SCRAPPED", Try(new CylinderFacts { TareG = 1 }, "tare_g")?.Reason);
    }

    private static CorrectCylinderCommand Correct(CylinderFacts facts, params string[] named) => new(Request(facts, named));

    private static CorrectCylinderRequest Request(CylinderFacts facts, params string[] named) => new()
    {
        RequestId = Guid.NewGuid().ToString(), ActorId = "A1", CylinderId = World.CylinderId, Facts = facts, UpdateMask = new FieldMask { Paths = { named } }, Reason = "read 16.9 as 16.5",
    };

    private Rejection? Try(CylinderFacts facts, params string[] named) => world.Try(Correct(facts, named), out _);
}
