using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Tests;

/// <summary>A scan that lost a race decides again, on cards that may lead elsewhere by then.</summary>
public sealed class SecondTryTests
{
    private readonly World world = new();

    [Fact]
    public void An_alias_that_moved_meanwhile_leads_to_the_other_cylinder()
    {
        const string Other = "C0000000000002";
        var command = FirstTry();
        var other = new Cylinder(world.Cylinder) { CylinderId = Other };
        world.Put(CardKey.Cylinder(Other), new CylinderCard { Cylinder = other });
        world.Put(CardKey.Alias(AliasKind.Code, World.Code), new AliasCard { CylinderId = Other, Kind = AliasKind.Code });

        var cards = world.Load(command, CardKey.Alias(AliasKind.Code, World.Code), CardKey.Cylinder(World.CylinderId));
        Assert.Equal(Other, command.Decide(cards, new Moment(world.Now)).Events[^1].PermitIssued?.Terms.CylinderId);
        Assert.Empty(cards.Wanted);
    }

    [Fact]
    public void A_terminal_that_moved_meanwhile_fills_for_the_other_station()
    {
        var command = FirstTry();
        world.Put(CardKey.Station("S2"), new Station(world.Station) { StationId = "S2" });
        world.Put(CardKey.Terminal("T1"), new Terminal(world.Terminal) { StationId = "S2" });
        world.Put(CardKey.Operator("P1"), new Operator(world.Operator) { StationIds = { "S2" } });
        world.Put(CardKey.GasBatch("S2", "B1"), new GasBatch(world.GasBatch) { StationId = "S2" });

        var cards = world.Load(command, CardKey.Terminal("T1"), CardKey.Station("S1"));
        Assert.Equal("S2", command.Decide(cards, new Moment(world.Now)).Events[^1].PermitIssued?.Terms.StationId);
        Assert.Empty(cards.Wanted);
    }

    [Fact]
    public void Another_inspection_body_is_asked_about()
    {
        world.Cylinder.LastInspection.InspectionBodyId = "J1";
        world.Put(CardKey.InspectionBody("J1"), new InspectionBody { InspectionBodyId = "J1" });
        var command = FirstTry();
        var inspected = new Cylinder(world.Cylinder);
        inspected.LastInspection.InspectionBodyId = "J2";
        world.Put(CardKey.InspectionBody("J2"), new InspectionBody { InspectionBodyId = "J2", RevokedFrom = World.Day(2020, 1, 1) });
        world.Put(CardKey.Cylinder(World.CylinderId), new CylinderCard { Cylinder = inspected });

        var cards = world.Load(command, CardKey.Cylinder(World.CylinderId));
        Assert.Contains(command.Decide(cards, new Moment(world.Now)).Events[^1].ScanRefused.Findings, finding => finding.Refusal == RefusalCode.InspectionOrgInvalid);
    }

    private ScanCommand FirstTry()
    {
        var command = new ScanCommand(world.Request, CodeFormat.Default);
        Assert.NotNull(command.Decide(world.Load(command), new Moment(world.Now)).Events[^1].PermitIssued);
        return command;
    }
}
