using CsCheck;
using GasTrace.Domain.Filling.Rules;
using GasTrace.Domain.Filling;
using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Tests;

public class FillTests
{
    /// <summary>One way to earn each violation: a rule without a row here fails below.</summary>
    private static readonly Dictionary<ViolationCode, Action<World, FillReport>> Spoil = new()
    {
        [ViolationCode.NoPermit] = (_, report) => (report.PermitId, report.Scanned) = (string.Empty, World.Code),
        [ViolationCode.PermitExpired] = (world, _) => world.Now = world.Now.AddHours(1),
        [ViolationCode.PermitConsumed] = (world, report) =>
        {
            world.Complete(World.Report(report.PermitId));
            report.GrossMassG = 30_900;
        },
        [ViolationCode.WrongStation] = (world, report) =>
        {
            world.Put(CardKey.Station("S2"), new Station { StationId = "S2", UnitId = "U2", Status = StationStatus.Active });
            world.Put(CardKey.Terminal("T2"), new Terminal { TerminalId = "T2", StationId = "S2" });
            report.TerminalId = "T2";
        },
        [ViolationCode.WrongGun] = (_, report) => report.GunId = "G2",
        [ViolationCode.WrongCylinder] = (world, report) =>
        {
            var other = Registry.Codes.IssuedIdentity.Code("320102", "other");
            var cylinder = world.Cylinder.Clone();
            (cylinder.CylinderId, cylinder.Code) = ("C2", other);
            world.Put(CardKey.Alias(AliasKind.Code, other), new AliasCard { CylinderId = "C2" });
            world.Put(CardKey.Cylinder("C2"), new CylinderCard { Cylinder = cylinder });
            report.Scanned = other;
        },
        [ViolationCode.Overfilled] = (_, report) => report.GrossMassG = 16_500 + 14_901,
        [ViolationCode.Underfilled] = (world, report) =>
        {
            (world.Station.NominalNetMassG, world.Station.NominalToleranceG) = (14_500, 400);
            report.GrossMassG = 16_500 + 14_099;
        },
        [ViolationCode.TareDeviation] = (_, report) => report.WeighedTareG = 17_000,
        [ViolationCode.PostfillCheckFailed] = (_, report) => report.Checks.Add(new PostfillCheck { Item = PostfillItem.LeakTest, Outcome = CheckOutcome.Failed }),
        [ViolationCode.StationSuspended] = (world, _) => world.Station.Status = StationStatus.Suspended,
        [ViolationCode.ImpossibleTime] = (world, report) => (report.StartedAt, report.EndedAt) = (world.At(TimeSpan.FromMinutes(1)), world.At(TimeSpan.Zero)),
        [ViolationCode.SequenceGap] = (world, report) =>
        {
            world.Put(CardKey.Gun("T1", "G1"), new GunCard { LastSequence = 7 });
            report.GunSequence = 9;
        },
    };

    public static TheoryData<ViolationCode> Codes => [.. FillRules.All.Select(rule => rule.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_rule_is_broken_by_its_own_fact_and_the_fact_is_recorded(ViolationCode code)
    {
        var world = new World();
        var report = World.Report(world.Scan().Permit.Terms.PermitId);
        Spoil[code](world, report);
        var response = world.Complete(report);
        Assert.Contains(FindingCodes.NameOf(code), response.Violations.Select(violation => violation.Code));
        Assert.Equal(report, world.Ledger[^1].FillCompleted.Report);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_rule_has_texts_in_both_languages_and_a_source(ViolationCode code)
    {
        var rule = FillRules.All.Single(candidate => candidate.Code == code);
        Assert.Contains(rule.Chinese, character => character >= '\u4e00');
        Assert.DoesNotContain(rule.English, character => character >= '\u4e00');
        Assert.NotEmpty(rule.Source);
    }

    [Fact]
    public void Every_violation_of_the_contract_has_its_rule() =>
        Assert.Equal(System.Enum.GetValues<ViolationCode>().Where(code => code != ViolationCode.Unspecified), FillRules.All.Select(rule => rule.Code));

    [Fact]
    public void A_good_fill_uses_its_permit_up_and_counts_from_the_label()
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms.PermitId;
        world.Begin(permit);
        var response = world.Complete(World.Report(permit, 31_400));
        Assert.Empty(response.Violations);
        Assert.Equal(14_900, response.NetMassG);
        Assert.True(world.Ledger[^1].FillCompleted.ConsumesPermit);
        Assert.Null(world.CylinderCard.OpenPermit);
        Assert.Equal((1, Whereabouts.Full), (world.CylinderCard.Cylinder.FillCount, world.CylinderCard.Cylinder.Whereabouts));
    }

    [Theory]
    [InlineData(true, "OVERFILLED")]
    [InlineData(false, "POSTFILL_FAILED")]
    public void A_bad_fill_holds_the_cylinder_until_it_is_released(bool overfilled, string reason)
    {
        var world = new World();
        var report = World.Report(world.Scan().Permit.Terms.PermitId, overfilled ? 40_000 : 31_000);
        if (!overfilled)
        {
            report.Checks.Add(new PostfillCheck { Item = PostfillItem.Reweighing, Outcome = CheckOutcome.Failed });
        }

        world.Complete(report);
        Assert.Equal(["CYLINDER_OUT_OF_USE"], world.Refusals(World.NewScan()));
        world.Do(new Registry.Cylinders.ReleaseCylinderCommand(new ReleaseCylinderRequest
        {
            RequestId = Guid.NewGuid().ToString("D"), ActorId = "A1", CylinderId = World.CylinderId, Reason = reason,
            Kind = overfilled ? HoldKind.Overfilled : HoldKind.PostfillFailed,
        }));
        Assert.NotNull(world.Scan(World.NewScan()).Permit);
    }

    [Theory]
    [InlineData(ViolationCode.PostfillCheckFailed, "items", "POSTFILL_ITEM_LEAK_TEST")]
    [InlineData(ViolationCode.StationSuspended, "status", "STATION_STATUS_SUSPENDED")]
    public void Facts_have_the_contracts_names(ViolationCode code, string fact, string value)
    {
        var world = new World();
        var report = World.Report(world.Scan().Permit.Terms.PermitId);
        Spoil[code](world, report);
        Assert.Equal(value, world.Complete(report).Violations.Single(finding => finding.Violation == code).Facts[fact]);
    }

    [Fact]
    public void The_same_report_under_another_request_id_gets_the_first_answer_and_changes_nothing()
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms.PermitId;
        var first = world.Complete(World.Report(permit));
        var entries = world.Ledger.Count;
        Assert.Equal(first, world.Complete(World.Report(permit)));
        Assert.Equal(entries, world.Ledger.Count);
    }

    [Fact]
    public void A_permit_that_was_used_up_still_judges_where_its_reports_come_from()
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms.PermitId;
        world.Complete(World.Report(permit));
        var second = World.Report(permit, 30_900);
        Spoil[ViolationCode.WrongStation](world, second);
        Spoil[ViolationCode.WrongCylinder](world, second);
        var violations = world.Complete(second).Violations;
        Assert.Equal(
            [ViolationCode.PermitConsumed, ViolationCode.WrongStation, ViolationCode.WrongGun, ViolationCode.WrongCylinder],
            violations.Select(finding => finding.Violation));
        Assert.Equal(("S1", "T1/G1", World.Code), (violations[1].Facts["permitted"], violations[2].Facts["permitted"], violations[3].Facts["permitted"]));
    }

    [Fact]
    public void A_card_remembers_its_last_permits_and_scans_carry_them_on_unread()
    {
        var world = new World();
        var permits = Enumerable.Range(0, ClosedPermits.Max + 1).Select(_ => Fill(world)).ToList();
        Assert.Equal(permits[1..], ClosedPermits.Of(world.CylinderCard).Select(permit => permit.PermitId));
        Assert.All(ClosedPermits.Of(world.CylinderCard), permit => Assert.Equal((PermitState.Completed, "T1"), (permit.State, permit.Terms.TerminalId)));

        var damaged = world.CylinderCard.Clone();
        damaged.ClosedPermits[0] = Google.Protobuf.ByteString.CopyFrom(0xFF);
        world.Put(CardKey.Cylinder(World.CylinderId), damaged);
        var open = world.Scan(World.NewScan()).Permit.Terms.PermitId;
        Assert.Equal(damaged.ClosedPermits, world.CylinderCard.ClosedPermits);
        Assert.Contains(World.CylinderId, Assert.Throws<InvalidDataException>(() => world.Complete(World.Report(open))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fill_of_an_unknown_cylinder_without_a_permit_is_on_the_record_too()
    {
        var world = new World();
        var response = world.Complete(new FillReport { TerminalId = "T9", GunId = "G9", Scanned = "nothing", GrossMassG = 31_000 });
        Assert.Equal(["NO_PERMIT"], response.Violations.Select(violation => violation.Code));
        Assert.Equal(Event.BodyOneofCase.FillCompleted, world.Ledger[^1].BodyCase);
    }

    [Fact]
    public void A_lapsed_permit_is_found_at_the_next_scan_and_its_expiry_comes_first()
    {
        var world = new World();
        world.Scan();
        world.Now = world.Now.AddSeconds(600);
        Assert.NotNull(world.Scan(World.NewScan("G2")).Permit);
        Assert.Equal([Event.BodyOneofCase.PermitIssued, Event.BodyOneofCase.PermitExpired, Event.BodyOneofCase.PermitIssued], world.Ledger.Select(happened => happened.BodyCase));
    }

    [Fact]
    public void The_sweeper_closes_what_lapsed_and_nothing_else()
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms.PermitId;
        Assert.Equal("PERMIT_NOT_DUE", world.Try(new ExpirePermitCommand(permit), out _)?.Reason);
        world.Now = world.Now.AddSeconds(600);
        Assert.True(world.Do(new ExpirePermitCommand(permit)));
        Assert.Equal("PERMIT_NOT_DUE", world.Try(new ExpirePermitCommand(permit), out _)?.Reason);
    }

    [Fact]
    public void A_gun_fills_one_cylinder_at_a_time()
    {
        var world = new World();
        var other = Registry.Codes.IssuedIdentity.Code("320102", "other");
        var cylinder = world.Cylinder.Clone();
        (cylinder.CylinderId, cylinder.Code) = ("C2", other);
        world.Put(CardKey.Alias(AliasKind.Code, other), new AliasCard { CylinderId = "C2" });
        world.Put(CardKey.Cylinder("C2"), new CylinderCard { Cylinder = cylinder });
        var first = world.Scan().Permit.Terms.PermitId;
        var second = world.Scan(World.NewScan(scanned: other)).Permit.Terms.PermitId;
        world.Begin(first);
        var request = new BeginFillRequest { RequestId = Guid.NewGuid().ToString("D"), PermitId = second, TerminalId = "T1", GunId = "G1" };
        Assert.Equal("SCALE_BUSY", world.Try(new BeginFillCommand(request), out _)?.Reason);
        world.Complete(World.Report(first));
        world.Begin(second);
    }

    [Theory]
    [InlineData("G2", "T1", "WRONG_GUN")]
    [InlineData("G1", "T9", "WRONG_GUN")]
    public void Gas_begins_only_where_the_permit_says(string gun, string terminal, string reason)
    {
        var world = new World();
        var request = new BeginFillRequest { RequestId = Guid.NewGuid().ToString("D"), PermitId = world.Scan().Permit.Terms.PermitId, TerminalId = terminal, GunId = gun };
        Assert.Equal(reason, world.Try(new BeginFillCommand(request), out _)?.Reason);
    }

    [Theory]
    [InlineData("failed inspection", true)]
    [InlineData("passed inspection", true)]
    [InlineData("transfer", true)]
    [InlineData("new certificate", false)]
    [InlineData("cancellation", true)]
    public void What_the_register_learns_of_the_cylinder_between_scan_and_begin_revokes_the_permit(string change, bool revokes)
    {
        var world = new World();
        world.Put(CardKey.InspectionBody("J1"), new InspectionBody { InspectionBodyId = "J1" });
        var permit = world.Scan().Permit.Terms.PermitId;
        var requestId = Guid.NewGuid().ToString("D");
        switch (change)
        {
            case "failed inspection" or "passed inspection":
                var result = change == "failed inspection" ? InspectionResult.Failed : InspectionResult.Passed;
                world.Do(new Registry.Cylinders.RecordInspectionCommand(new RecordInspectionRequest
                {
                    RequestId = requestId, ActorId = "A1", CylinderId = World.CylinderId,
                    Inspection = new Inspection { InspectedOn = World.Day(2026, 11, 23), Result = result, InspectionBodyId = "J1" },
                }));
                break;
            case "transfer" or "new certificate":
                var unit = change == "transfer" ? "U2" : "U1";
                world.Do(new Registry.Cylinders.TransferUseRegistrationCommand(new TransferUseRegistrationRequest
                {
                    RequestId = requestId, ActorId = "A1", CylinderId = World.CylinderId, UnitId = unit, CertificateNumber = "X",
                }));
                break;
            default:
                world.Do(new Registry.Cylinders.CancelUseRegistrationCommand(new CancelUseRegistrationRequest
                {
                    RequestId = requestId, ActorId = "A1", CylinderId = World.CylinderId, Reason = "sold",
                }));
                break;
        }

        var begin = new BeginFillRequest { RequestId = Guid.NewGuid().ToString("D"), PermitId = permit, TerminalId = "T1", GunId = "G1" };
        Assert.Equal(revokes ? "PERMIT_ABORTED" : null, world.Try(new BeginFillCommand(begin), out _)?.Reason);
        Assert.Equal(revokes ? [AbortCause.Revoked] : [], world.Ledger.Where(entry => entry.BodyCase == Event.BodyOneofCase.FillAborted).Select(entry => entry.FillAborted.Cause));
    }

    [Theory]
    [InlineData("STATION_SUSPENDED")]
    [InlineData("SCALE_LOCKED")]
    [InlineData("MODEL_OR_BATCH_RECALLED")]
    [InlineData("GAS_BATCH_ON_HOLD")]
    [InlineData("OPERATOR_BLACKLISTED")]
    public void What_changes_between_scan_and_begin_stops_the_gas(string reason)
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms.PermitId;
        switch (reason)
        {
            case "STATION_SUSPENDED":
                world.Station.Status = StationStatus.Suspended;
                break;
            case "SCALE_LOCKED":
                world.Terminal.Locked = true;
                break;
            case "MODEL_OR_BATCH_RECALLED":
                world.Put(CardKey.RecallOfMonth("SDHL", 2023, 3), new Recall { Active = true, Reason = "weld" });
                break;
            case "GAS_BATCH_ON_HOLD":
                world.GasBatch.Status = GasBatchStatus.Condemned;
                break;
            case "OPERATOR_BLACKLISTED":
                world.Operator.Blacklisted = true;
                break;
        }

        var request = new BeginFillRequest { RequestId = Guid.NewGuid().ToString("D"), PermitId = permit, TerminalId = "T1", GunId = "G1" };
        Assert.Equal(reason, world.Try(new BeginFillCommand(request), out _)?.Reason);
    }

    [Fact]
    public void Blacklisting_revokes_an_issued_permit_and_says_so()
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms.PermitId;
        world.Do(new Registry.BlacklistCylinderCommand(new BlacklistRequest { RequestId = Guid.NewGuid().ToString("D"), ActorId = "A1", CylinderId = World.CylinderId, Reason = "black market" }));
        var revoked = world.Ledger[^2].FillAborted;
        Assert.Equal((permit, AbortCause.Revoked), (revoked.PermitId, revoked.Cause));
        Assert.Equal(["CYLINDER_BLACKLISTED"], world.Refusals(World.NewScan()));
    }

    [Theory]
    [InlineData(0, Whereabouts.Full, "")]
    [InlineData(31, Whereabouts.Full, "TOO_LATE")]
    [InlineData(0, Whereabouts.AtCustomer, "DISPATCHED")]
    public void A_fill_is_voided_only_soon_and_before_dispatch(int minutes, Whereabouts whereabouts, string reason)
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms.PermitId;
        world.Complete(World.Report(permit));
        world.CylinderCard.Cylinder.Whereabouts = whereabouts;
        world.Now = world.Now.AddMinutes(minutes);
        var command = new VoidFillCommand(new VoidFillRequest { RequestId = Guid.NewGuid().ToString("D"), PermitId = permit, TerminalId = "T1", OperatorId = "P1", Reason = "wrong scale" });
        Assert.Equal(reason, world.Try(command, out _)?.Reason ?? string.Empty);
    }

    [Fact]
    public void A_fill_is_voided_once()
    {
        var world = new World();
        Fill(world);
        var permit = Fill(world);
        Fill(world);
        VoidFillCommand Again() => new(new VoidFillRequest { RequestId = Guid.NewGuid().ToString("D"), PermitId = permit, TerminalId = "T1", OperatorId = "P1", Reason = "wrong scale" });
        Assert.Null(world.Try(Again(), out _));
        Assert.Equal([false, true, false], ClosedPermits.Of(world.CylinderCard).Select(closed => closed.Voided));
        world.CylinderCard.Cylinder.Whereabouts = Whereabouts.Full;
        Assert.Equal("FILL_VOIDED", world.Try(Again(), out _)?.Reason);
    }

    private static string Fill(World world)
    {
        var permit = world.Scan(World.NewScan()).Permit.Terms.PermitId;
        world.Complete(World.Report(permit));
        return permit;
    }

    private enum Act
    {
        Scan, Begin, Complete, CompleteAgain, Abort, Wait, Sweep,
    }

    [Fact]
    public void Whatever_people_do_a_cylinder_has_one_open_permit_at_most_and_the_books_balance() =>
        Gen.Enum<Act>().Array[1, 60].Sample(acts =>
        {
            var world = new World();
            List<string> permits = ["none-1"];
            foreach (var act in acts)
            {
                Perform(world, permits, act);
                AssertBooks(world);
            }
        });

    private static void Perform(World world, List<string> permits, Act act)
    {
        string Id() => Guid.NewGuid().ToString("D");
        switch (act)
        {
            case Act.Scan:
                if (world.Scan(World.NewScan(permits.Count % 2 == 0 ? "G1" : "G2")).Permit is { } permit)
                {
                    permits.Add(permit.Terms.PermitId);
                }

                break;
            case Act.Begin:
                world.Try(new BeginFillCommand(new BeginFillRequest { RequestId = Id(), PermitId = permits[^1], TerminalId = "T1", GunId = "G1" }), out _);
                break;
            case Act.Complete or Act.CompleteAgain:
                world.Complete(World.Report(permits[act == Act.Complete ? ^1 : 0], 31_000 + world.Ledger.Count));
                break;
            case Act.Abort:
                world.Try(new AbortFillCommand(new AbortFillRequest { RequestId = Id(), PermitId = permits[^1], TerminalId = "T1" }), out _);
                break;
            case Act.Wait:
                world.Now = world.Now.AddMinutes(7);
                break;
            default:
                world.Try(new ExpirePermitCommand(permits[^1]), out _);
                break;
        }
    }

    private static void AssertBooks(World world)
    {
        HashSet<string> open = [];
        foreach (var happened in world.Ledger)
        {
            switch (happened.BodyCase)
            {
                case Event.BodyOneofCase.PermitIssued:
                    Assert.Empty(open);
                    open.Add(happened.PermitIssued.Terms.PermitId);
                    break;
                case Event.BodyOneofCase.FillCompleted when happened.FillCompleted.ConsumesPermit:
                    Assert.True(open.Remove(happened.FillCompleted.Report.PermitId));
                    break;
                case Event.BodyOneofCase.FillAborted:
                    Assert.True(open.Remove(happened.FillAborted.PermitId));
                    break;
                case Event.BodyOneofCase.PermitExpired:
                    Assert.True(open.Remove(happened.PermitExpired.PermitId));
                    break;
                default:
                    break;
            }
        }

        Assert.Equal(open.Count, world.CylinderCard.OpenPermit is null ? 0 : 1);
    }
}
