using CsCheck;
using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Domain.Registry.Cylinders;
using GasTrace.Domain.Registry.Sites;
using GasTrace.V1;

namespace GasTrace.Domain.Tests;

public class RegistryTests
{
    private static RecordInspectionCommand NewInspection(InspectionResult result, int day = 20) => new(new RecordInspectionRequest
    {
        RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId,
        Inspection = new Inspection { InspectedOn = World.Day(2026, 11, day), Result = result, InspectionBodyId = "J1" },
    });

    private static PutLimitCommand NewLimit(string name, long value) => new(new PutLimitRequest
    {
        RequestId = NewId(), ActorId = "A1", Limit = new Limit { Name = name, Value = value, Source = "test", Confidence = Confidence.C, ValidFrom = World.Day(2026, 1, 1) },
    });

    private readonly World world = new();

    [Theory]
    [InlineData(14_910, "")]
    [InlineData(14_911, "MAX_FILL_INVALID")]
    public void The_greatest_contents_never_exceed_capacity_times_coefficient(int maxNetMassG, string reason)
    {
        var request = NewCylinder();
        request.Cylinder.MaxNetMassG = maxNetMassG;
        Assert.Equal(reason, Try(request)?.Reason ?? string.Empty);
    }

    [Theory]
    [InlineData("YSP4.7", 4_700, 1_900)]
    [InlineData("YSP12", 12_000, 5_000)]
    [InlineData("YSP23.5", 23_500, 9_800)]
    [InlineData("YSP26.2", 26_200, 11_000)]
    [InlineData("YSP28.6", 28_600, 12_000)]
    [InlineData("YSP35.5/14.9", 35_500, 14_900)]
    [InlineData("YSP74", 74_000, 31_000)]
    [InlineData("YSP118/49.5", 118_000, 49_500)]
    [InlineData("unknown", 35_590, 14_900)]
    public void Every_published_mass_follows_from_its_capacity(string model, int capacityMl, int expectedG)
    {
        var request = NewCylinder();
        (request.Cylinder.Model, request.Cylinder.WaterCapacityMl) = (model, capacityMl);
        Assert.Null(Try(request));
        Assert.Equal(expectedG, world.Ledger[^1].CylinderRegistered.Cylinder.MaxNetMassG);
    }

    [Fact]
    public void A_code_is_given_once_and_never_again_after_it_was_retired()
    {
        var taken = NewCylinder();
        taken.Cylinder.Code = World.Code;
        Assert.Equal("CODE_TAKEN", Try(taken)?.Reason);
        var replaced = world.Do(new ReplaceCodeCommand(
            new ReplaceCodeRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, OldCode = World.Code, Reason = "label torn" }, CodeFormat.Default));
        Assert.Equal("CODE_TAKEN", Try(taken)?.Reason);
        Assert.Equal(["CODE_VOIDED"], world.Refusals(World.NewScan()));
        Assert.NotNull(world.Scan(World.NewScan(scanned: replaced.Code)).Permit);
        Assert.StartsWith("320102", replaced.Code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replacement_names_the_live_code() =>
        Assert.Equal("CODE_NOT_LIVE", world.Try(
            new ReplaceCodeCommand(
                new ReplaceCodeRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, OldCode = IssuedIdentity.Code("320102", "x"), Reason = "torn" }, CodeFormat.Default),
            out _)?.Reason);

    [Fact]
    public void An_inspection_makes_a_purge_necessary_and_a_purge_lifts_it()
    {
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = new InspectionBody { InspectionBodyId = "J1" } }));
        world.Do(NewInspection(InspectionResult.Passed));
        Assert.Equal(World.Day(2030, 11, 20), world.CylinderCard.Cylinder.InspectionDueOn);
        Assert.Equal(["PURGE_REQUIRED"], world.Refusals());
        world.Do(new RecordPurgeCommand(new RecordPurgeRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, StationId = "S1" }));
        Assert.NotNull(world.Scan(World.NewScan()).Permit);
    }

    [Fact]
    public void A_failed_inspection_asks_for_no_purge_and_takes_none_back_that_is_due()
    {
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = new InspectionBody { InspectionBodyId = "J1" } }));
        world.Do(NewInspection(InspectionResult.Failed));
        Assert.Equal(["INSPECTION_FAILED"], world.Refusals(World.NewScan()));
        world.Do(NewInspection(InspectionResult.Passed));
        Assert.Equal(["PURGE_REQUIRED"], world.Refusals(World.NewScan()));
        world.Do(NewInspection(InspectionResult.Failed));
        Assert.Equal(["INSPECTION_FAILED", "PURGE_REQUIRED"], world.Refusals(World.NewScan()).Order());
    }

    [Fact]
    public void An_inspection_that_is_recorded_after_a_later_purge_asks_for_no_other()
    {
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = new InspectionBody { InspectionBodyId = "J1" } }));
        world.Do(new RecordPurgeCommand(new RecordPurgeRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, StationId = "S1" }));
        world.Do(NewInspection(InspectionResult.Passed));
        Assert.Empty(world.Refusals(World.NewScan()));

        // One of the purge's own day may have come after it.
        world.Do(NewInspection(InspectionResult.Passed, day: 23));
        Assert.Equal(["PURGE_REQUIRED"], world.Refusals(World.NewScan()));
    }

    [Fact]
    public void The_day_of_a_purge_is_the_stations()
    {
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = new InspectionBody { InspectionBodyId = "J1" } }));
        world.Now = new DateTimeOffset(2026, 11, 22, 17, 0, 0, TimeSpan.Zero);
        world.Do(new RecordPurgeCommand(new RecordPurgeRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, StationId = "S1" }));
        world.Do(NewInspection(InspectionResult.Passed, day: 22));
        Assert.Empty(world.Refusals(World.NewScan()));
    }

    [Fact]
    public void A_tare_that_is_weighed_and_stamped_anew_at_an_inspection_is_the_labels_from_then_on()
    {
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = new InspectionBody { InspectionBodyId = "J1" } }));
        world.Cylinder.TareG = 0;
        Assert.Equal(["TARE_UNKNOWN"], world.Refusals(World.NewScan()));
        RecordInspectionRequest Weighed(int tareG) => new()
        {
            RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, TareG = tareG,
            Inspection = new Inspection { InspectedOn = World.Day(2026, 11, 20), Result = InspectionResult.Passed, InspectionBodyId = "J1" },
        };
        Assert.Equal("tare_g", new RecordInspectionCommand(Weighed(-1)).Validate()?.Field);
        Assert.Equal("tare_g", new RecordInspectionCommand(Weighed(5_000_001)).Validate()?.Field);
        world.Do(new RecordInspectionCommand(Weighed(16_700)));
        Assert.Equal(16_700, world.Ledger[^1].InspectionRecorded.TareG);
        world.Do(new RecordInspectionCommand(Weighed(0)));
        world.Do(new RecordPurgeCommand(new RecordPurgeRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, StationId = "S1" }));
        Assert.Equal(16_700, world.Scan(World.NewScan()).Permit?.Terms.TareG);
    }

    [Theory]
    [InlineData(InspectionResult.Passed, 2027, 5, "2027-05-01")]
    [InlineData(InspectionResult.Passed, 2026, 11, "2026-11-01")]
    [InlineData(InspectionResult.Failed, 2027, 5, "2026-12-01")]
    [InlineData(InspectionResult.Failed, 2026, 11, "2026-11-01")]
    public void A_due_date_that_an_inspection_states_counts_and_after_a_failure_only_an_earlier_one(InspectionResult result, int year, int month, string due)
    {
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = new InspectionBody { InspectionBodyId = "J1" } }));
        world.Cylinder.InspectionDueOn = World.Day(2026, 12, 20);
        world.Cylinder.InspectionDuePrecision = DatePrecision.Month;
        world.Cylinder.ServiceLifePrecision = DatePrecision.Month;
        world.Do(new RecordInspectionCommand(new RecordInspectionRequest
        {
            RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, InspectionDueOn = World.Day(year, month, 1), ServiceLifeEndsOn = World.Day(2031, 3, 12),
            Inspection = new Inspection { InspectedOn = World.Day(2026, 11, 20), Result = result, InspectionBodyId = "J1" },
        }));
        var known = world.CylinderCard.Cylinder;
        Assert.Equal(due, known.InspectionDueOn.ToDay().ToText());
        Assert.Equal((DatePrecision.Unspecified, DatePrecision.Unspecified), (known.InspectionDuePrecision, known.ServiceLifePrecision));
    }

    [Theory]
    [InlineData("inspection_due_precision")]
    [InlineData("service_life_precision")]
    public void A_precision_that_there_is_not_is_refused(string field)
    {
        var request = NewCylinder();
        (request.Cylinder.InspectionDuePrecision, request.Cylinder.ServiceLifePrecision) =
            field == "inspection_due_precision" ? ((DatePrecision)7, DatePrecision.Month) : (DatePrecision.Month, (DatePrecision)7);
        Assert.Equal((RejectionKind.Invalid, field), (Try(request)?.Kind, Try(request)?.Field));
    }

    [Fact]
    public void A_failed_inspection_gains_no_time()
    {
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = new InspectionBody { InspectionBodyId = "J1" } }));
        world.Cylinder.InspectionDueOn = World.Day(2026, 11, 1);
        world.Do(NewInspection(InspectionResult.Failed));
        Assert.Equal(World.Day(2026, 11, 1), world.CylinderCard.Cylinder.InspectionDueOn);
        Assert.Equal(["INSPECTION_FAILED", "INSPECTION_OVERDUE"], world.Refusals(World.NewScan()).Order());
        world.Do(NewInspection(InspectionResult.Passed));
        Assert.Equal(["PURGE_REQUIRED"], world.Refusals(World.NewScan()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failed_inspection_gains_no_time_where_the_interval_is_what_counts(bool isLaterOneOnRecord)
    {
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = new InspectionBody { InspectionBodyId = "J1" } }));
        world.Cylinder.ManufacturedOn = World.Day(2018, 1, 1);
        world.Cylinder.LastInspection.InspectedOn = World.Day(2020, 11, 1);
        world.Cylinder.InspectionDueOn = isLaterOneOnRecord ? World.Day(2030, 1, 1) : null;
        Assert.Equal(["INSPECTION_OVERDUE"], world.Refusals(World.NewScan()));
        world.Do(NewInspection(InspectionResult.Failed));
        Assert.Equal(World.Day(2024, 11, 1), world.CylinderCard.Cylinder.InspectionDueOn);
        Assert.Equal(["INSPECTION_FAILED", "INSPECTION_OVERDUE"], world.Refusals(World.NewScan()).Order());
    }

    [Theory]
    [InlineData(0, "INSPECTION_RESULT_UNSPECIFIED")]
    [InlineData(7, "7")]
    public void An_inspection_whose_result_says_nothing_is_refused(int result, string value)
    {
        var rejection = world.Try(NewInspection((InspectionResult)result), out _);
        Assert.Equal((RejectionKind.Invalid, "inspection.result", value, "must be one of INSPECTION_RESULT_PASSED, INSPECTION_RESULT_FAILED"), (rejection?.Kind, rejection?.Field, rejection?.Value, rejection?.Rule.English));
    }

    [Fact]
    public void A_revoked_inspection_body_takes_its_inspections_with_it()
    {
        An_inspection_makes_a_purge_necessary_and_a_purge_lifts_it();
        world.Abort(world.CylinderCard.OpenPermit.Terms.PermitId);
        var revoked = new InspectionBody { InspectionBodyId = "J1", RevokedFrom = World.Day(2026, 11, 1) };
        world.Do(new PutInspectionBodyCommand(new PutInspectionBodyRequest { RequestId = NewId(), ActorId = "A1", InspectionBody = revoked }));
        Assert.Equal(["INSPECTION_ORG_INVALID"], world.Refusals(World.NewScan()));
    }

    [Fact]
    public void A_transfer_of_registration_changes_whose_cylinder_it_is()
    {
        world.Do(new TransferUseRegistrationCommand(new TransferUseRegistrationRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, UnitId = "U2", CertificateNumber = "X" }));
        Assert.Equal(["NOT_REGISTERED_TO_STATION"], world.Refusals());
        world.Do(new CancelUseRegistrationCommand(new CancelUseRegistrationRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Reason = "sold" }));
        Assert.Contains("USE_REGISTRATION_MISSING", world.Refusals(World.NewScan()));
    }

    [Fact]
    public void A_scrapped_cylinder_answers_as_scrapped_and_is_changed_no_more()
    {
        world.Do(new ScrapCylinderCommand(new ScrapCylinderRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Reason = "worn" }));
        Assert.Equal(["CYLINDER_SCRAPPED"], world.Refusals());
        var transfer = new TransferUseRegistrationRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, UnitId = "U2", CertificateNumber = "X" };
        Assert.Equal("CYLINDER_SCRAPPED", world.Try(new TransferUseRegistrationCommand(transfer), out _)?.Reason);
    }

    [Fact]
    public void A_scrapped_cylinder_that_turns_up_is_held_blacklisted_and_located()
    {
        world.Do(new ScrapCylinderCommand(new ScrapCylinderRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Reason = "worn" }));
        world.Do(new BlacklistCylinderCommand(new BlacklistRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Reason = "sold on" }));
        world.Do(new HoldCylinderCommand(new HoldCylinderRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Kind = HoldKind.Seized, Reason = "evidence" }));
        world.Do(new RecordWhereaboutsCommand(new RecordWhereaboutsRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Whereabouts = Whereabouts.AtCustomer }));
        Assert.Equal(["CYLINDER_SCRAPPED", "CYLINDER_SEIZED", "CYLINDER_BLACKLISTED"], world.Refusals());
        world.Do(new ReleaseCylinderCommand(new ReleaseCylinderRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Kind = HoldKind.Seized, Reason = "closed" }));
        world.Do(new DelistCylinderCommand(new DelistRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Reason = "a mistake" }));
        Assert.Equal(["CYLINDER_SCRAPPED"], world.Refusals(World.NewScan()));
    }

    [Fact]
    public void A_cylinder_that_is_registered_as_out_of_use_is_not_filled_until_it_is_released()
    {
        var request = NewCylinder();
        request.Cylinder.OutOfUse = new OutOfUse { From = World.Day(2026, 1, 5) };
        Assert.Null(Try(request));
        var registered = world.Ledger[^1].CylinderRegistered.Cylinder;
        Assert.Equal((HoldKind.OutOfUse, "A1", World.Day(2026, 1, 5)), (registered.Holds.Single().Kind, registered.Holds.Single().ActorId, registered.OutOfUse.From));
        Assert.Contains("CYLINDER_OUT_OF_USE", world.Refusals(World.NewScan(scanned: registered.Code)));
        world.Do(new ReleaseCylinderCommand(new ReleaseCylinderRequest { RequestId = NewId(), ActorId = "A1", CylinderId = registered.CylinderId, Kind = HoldKind.OutOfUse, Reason = "found" }));
        Assert.DoesNotContain("CYLINDER_OUT_OF_USE", world.Refusals(World.NewScan(scanned: registered.Code)));
    }

    [Fact]
    public void Out_of_use_without_a_day_counts_from_registration()
    {
        var request = NewCylinder();
        request.Cylinder.OutOfUse = new OutOfUse();
        Assert.Null(Try(request));
        Assert.Equal(World.Day(2026, 11, 23), world.Ledger[^1].CylinderRegistered.Cylinder.OutOfUse.From);
    }

    [Theory]
    [InlineData(2026, 11, 24, false, "out_of_use.from")]
    [InlineData(2000, 1, 1, false, "out_of_use.from")]
    [InlineData(2026, 2, 31, false, "out_of_use.from")]
    [InlineData(2026, 1, 5, true, "out_of_use.until")]
    public void A_period_out_of_use_that_cannot_be_is_refused(int year, int month, int day, bool ended, string field)
    {
        var request = NewCylinder();
        request.Cylinder.OutOfUse = new OutOfUse { From = World.Day(year, month, day), Until = ended ? World.Day(2026, 2, 1) : null };
        Assert.Equal(field, Try(request)?.Field);
    }

    [Fact]
    public void An_inspection_while_out_of_use_spares_another_one()
    {
        world.Now = new DateTimeOffset(2031, 3, 1, 4, 0, 0, TimeSpan.Zero);
        world.Cylinder.OutOfUse = new OutOfUse { From = World.Day(2026, 1, 5), Until = World.Day(2031, 2, 20) };
        world.Cylinder.InspectionDueOn = World.Day(2031, 3, 12);
        Assert.Contains("LONG_STORAGE_UNINSPECTED", world.Refusals());
        world.Cylinder.LastInspection.InspectedOn = World.Day(2031, 2, 10);
        Assert.DoesNotContain("LONG_STORAGE_UNINSPECTED", world.Refusals(World.NewScan()));
    }

    [Fact]
    public void Taking_it_out_of_use_once_more_does_not_spare_the_inspection_of_long_storage()
    {
        world.Now = new DateTimeOffset(2031, 3, 1, 4, 0, 0, TimeSpan.Zero);
        world.Cylinder.OutOfUse = new OutOfUse { From = World.Day(2026, 1, 5), Until = World.Day(2031, 2, 20) };
        Assert.Contains("LONG_STORAGE_UNINSPECTED", world.Refusals());
        world.Do(new HoldCylinderCommand(new HoldCylinderRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Kind = HoldKind.OutOfUse, Reason = "again" }));
        world.Do(new ReleaseCylinderCommand(new ReleaseCylinderRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Kind = HoldKind.OutOfUse, Reason = "back" }));
        Assert.Contains("LONG_STORAGE_UNINSPECTED", world.Refusals(World.NewScan()));
    }

    [Fact]
    public void A_new_code_is_no_way_out_of_a_recall_of_codes()
    {
        var replace = new ReplaceCodeRequest { RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, OldCode = World.Code, NewCode = IssuedIdentity.Code("330100", "new"), Reason = "label torn" };
        var code = world.Do(new ReplaceCodeCommand(replace, CodeFormat.Default)).Code;
        Assert.NotNull(world.Scan(World.NewScan(scanned: code)).Permit);
        world.Abort(world.CylinderCard.OpenPermit.Terms.PermitId);
        world.Do(new RecallCommand(new BlacklistRequest { RequestId = NewId(), ActorId = "A1", Reason = "weld", CodeRange = new CodeRange { First = World.Code, Last = World.Code } }));
        Assert.Equal(["MODEL_OR_BATCH_RECALLED"], world.Refusals(World.NewScan(scanned: code)));
    }

    [Fact]
    public void A_recall_holds_from_its_commit_and_until_it_is_lifted()
    {
        var request = new BlacklistRequest { RequestId = NewId(), ActorId = "A1", Reason = "weld", CodeRange = new CodeRange { First = "3201020000000000", Last = "320102ZZZZZZZZZZ" } };
        world.Do(new RecallCommand(request));
        Assert.Equal(["MODEL_OR_BATCH_RECALLED"], world.Refusals());
        world.Do(new LiftRecallCommand(new DelistRequest { RequestId = NewId(), ActorId = "A1", Reason = "cleared", CodeRange = request.CodeRange }));
        Assert.NotNull(world.Scan(World.NewScan()).Permit);
    }

    [Fact]
    public void A_station_that_is_put_again_keeps_its_standing_and_its_lock()
    {
        world.Do(new SuspendStationCommand(new SuspendStationRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", Status = StationStatus.Suspended, Reason = "audit" }));
        world.Do(new LockScaleCommand(new LockScaleRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", Reason = "audit" }));
        var again = world.Station.Clone();
        again.Status = StationStatus.Active;
        world.Do(new PutStationCommand(new PutStationRequest { RequestId = NewId(), ActorId = "A1", Station = again }));
        Assert.Equal(["STATION_SUSPENDED", "SCALE_LOCKED"], world.Refusals());
    }

    [Theory]
    [InlineData("GasTrace", "2006-06-01", CylinderKind.Lpg1996)]
    [InlineData("GasTrace", "2007-02-01", CylinderKind.Lpg2006)]
    [InlineData("GasTrace", "2023-12-01", CylinderKind.Lpg2023)]
    public void The_family_follows_from_gas_and_date(string _, string made, CylinderKind kind) =>
        Assert.Equal(kind, InspectionCalendar.KindOf("LPG", DateOnly.Parse(made, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("N2", CylinderKind.Seamless, false, 60)]
    [InlineData("O2", CylinderKind.Welded, false, 36)]
    [InlineData("CL2", CylinderKind.Welded, false, 24)]
    [InlineData("N2", CylinderKind.Aluminium, true, 24)]
    [InlineData("AR-HE", CylinderKind.Seamless, false, 60)]
    [InlineData("AR-CO2", CylinderKind.Seamless, false, 36)]
    [InlineData("N2-H2S", CylinderKind.Seamless, false, 24)]
    [InlineData("-", CylinderKind.Seamless, false, 36)]
    [InlineData("LN2", CylinderKind.Cryogenic, true, 36)]
    [InlineData("LPG", CylinderKind.Lpg2006, true, 48)]
    public void The_interval_follows_from_gas_and_surroundings_and_of_a_mixture_the_shortest_holds(string gas, CylinderKind kind, bool corrosive, int months)
    {
        var cylinder = new Cylinder { Gas = gas, Kind = kind, CorrosiveEnvironment = corrosive, ManufacturedOn = World.Day(2020, 1, 1) };
        Assert.Equal(months, InspectionCalendar.IntervalMonths(cylinder, new LimitTable(null, new DateOnly(2026, 11, 23)), new DateOnly(2024, 1, 1)));
    }

    [Fact]
    public void A_mixture_is_judged_by_the_limits_of_its_components_as_an_administrator_set_them()
    {
        world.Do(NewLimit("inspection_interval_INERT_months", 12));
        world.Cylinder.Gas = "AR-CO2";
        world.Cylinder.Kind = CylinderKind.Seamless;
        world.Cylinder.InspectionDueOn = null;
        world.Cylinder.LastInspection.InspectedOn = World.Day(2025, 11, 1);
        Assert.Contains("INSPECTION_OVERDUE", world.Refusals());
    }

    [Theory]
    [InlineData("O2", false, 2040)]
    [InlineData("SO2", false, 2032)]
    [InlineData("N2-SO2", false, 2032)]
    [InlineData("O2", true, 2032)]
    public void A_welded_one_lives_shorter_where_something_corrodes_it(string gas, bool corrosive, int year)
    {
        var cylinder = new Cylinder { Gas = gas, Kind = CylinderKind.Welded, CorrosiveEnvironment = corrosive, ManufacturedOn = World.Day(2020, 1, 1) };
        Assert.Equal(new DateOnly(year, 1, 1), InspectionCalendar.LifeEnd(cylinder, new LimitTable(null, new DateOnly(2026, 11, 23))));
    }

    [Theory]
    [InlineData("PROPANE-ISOBUTANE", CylinderKind.Lpg2023, 4_800)]
    [InlineData("PROPANE-N2", CylinderKind.Seamless, 0)]
    public void A_mixture_of_liquefied_gases_is_bounded_by_the_lowest_coefficient(string gas, CylinderKind kind, int maxNetMassG)
    {
        var request = NewCylinder();
        (request.Cylinder.Model, request.Cylinder.Gas, request.Cylinder.WaterCapacityMl, request.Cylinder.CorrosiveEnvironment) = ("unknown", gas, 11_800, true);
        Assert.Null(Try(request));
        var registered = world.Ledger[^1].CylinderRegistered.Cylinder;
        Assert.Equal((kind, maxNetMassG, true), (registered.Kind, registered.MaxNetMassG, registered.CorrosiveEnvironment));
    }

    [Fact]
    public void Life_is_as_stamped_else_by_family_and_lengthened_once_by_a_passed_inspection()
    {
        var cylinder = world.Cylinder.Clone();
        var limits = new LimitTable(null, new DateOnly(2026, 11, 23));
        Assert.Equal(new DateOnly(2031, 3, 12), InspectionCalendar.LifeEnd(cylinder, limits));
        cylinder.ServiceLifeEndsOn = null;
        Assert.Equal(new DateOnly(2031, 3, 12), InspectionCalendar.LifeEnd(cylinder, limits));
        cylinder.LastInspection.InspectedOn = World.Day(2031, 1, 1);
        Assert.Equal(new DateOnly(2035, 3, 12), InspectionCalendar.LifeEnd(cylinder, limits));
    }

    [Fact]
    public void A_locked_gun_cannot_be_left_out_of_its_terminal_and_come_back_unlocked()
    {
        world.Do(new LockScaleCommand(new LockScaleRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", TerminalId = "T1", GunId = "G1", Reason = "audit" }));
        var put = new PutTerminalRequest { RequestId = NewId(), ActorId = "A1", Terminal = new Terminal { TerminalId = "T1", StationId = "S1", Gas = "LPG", Guns = { new Gun { GunId = "G2" } } } };
        Assert.Equal("SCALE_LOCKED", world.Try(new PutTerminalCommand(put), out _)?.Reason);
        put.Terminal.Guns.Add(new Gun { GunId = "G1" });
        world.Do(new PutTerminalCommand(put));
        Assert.Equal(["SCALE_LOCKED"], world.Refusals(World.NewScan()));
        world.Do(new UnlockScaleCommand(new UnlockScaleRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", TerminalId = "T1", GunId = "G1", Reason = "settled" }));
        put.Terminal.Guns.RemoveAt(1);
        put.RequestId = NewId();
        world.Do(new PutTerminalCommand(put));
        Assert.Equal(["TERMINAL_UNREGISTERED"], world.Refusals(World.NewScan()));
    }

    [Fact]
    public void What_the_smallest_cylinder_may_hold_is_not_rounded_down_to_nothing()
    {
        var request = NewCylinder();
        (request.Cylinder.Model, request.Cylinder.WaterCapacityMl) = ("unknown", 230);
        Assert.Null(Try(request));
        Assert.Equal(96, world.Ledger[^1].CylinderRegistered.Cylinder.MaxNetMassG);
    }

    [Theory]
    [InlineData(LimitNames.PermitLifetime, 0)]
    [InlineData(LimitNames.PermitLifetime, 86_401)]
    [InlineData("inspection_interval_LPG_2006_months", 1_000_000_000)]
    [InlineData("inspection_interval_LPG_2006_months", 0)]
    [InlineData(LimitNames.InspectionWarning, 1_000_000_000)]
    [InlineData("filling_coefficient_LPG_g_per_l", 0)]
    [InlineData(LimitNames.NotReturned, 3)]
    public void A_limit_that_no_rule_could_mean_is_refused(string name, long value)
    {
        var rejection = world.Try(NewLimit(name, value), out _);
        Assert.Equal((RejectionKind.Invalid, "limit.value"), (rejection?.Kind, rejection?.Field));
    }

    [Fact]
    public void Every_limit_holds_its_own_default_and_scans_are_judged_at_either_end_of_its_range() =>
        Assert.All(LimitDefaults.All.Values, limit =>
        {
            var (min, max) = LimitDefaults.RangeOf(limit.Name);
            Assert.InRange(limit.Value, min, max);
            foreach (var value in (long[])[min, max])
            {
                var judged = new World();
                judged.Do(NewLimit(limit.Name, value));
                Assert.NotNull(judged.Scan());
                judged.Cylinder.LastInspection = null;
                judged.Cylinder.InspectionDueOn = null;
                judged.Cylinder.ServiceLifeEndsOn = null;
                judged.Cylinder.OutOfUse = new OutOfUse { From = World.Day(2026, 1, 5) };
                Assert.NotNull(judged.Scan(World.NewScan()));
            }
        });

    [Fact]
    public void Every_limit_names_its_source_and_how_sure_it_is() =>
        Assert.All(LimitDefaults.All.Values, limit =>
        {
            Assert.NotEmpty(limit.Source);
            Assert.NotEqual(Confidence.Unspecified, limit.Confidence);
        });

    [Theory]
    [InlineData("request_id", "not-a-uuid")]
    [InlineData("actor_id", "")]
    [InlineData("serial_number", "")]
    [InlineData("gas", "lpg!")]
    [InlineData("code", "320102")]
    public void A_malformed_field_is_named(string field, string value)
    {
        var request = NewCylinder();
        switch (field)
        {
            case "request_id":
                request.RequestId = value;
                break;
            case "actor_id":
                request.ActorId = value;
                break;
            case "serial_number":
                request.Cylinder.SerialNumber = value;
                break;
            case "gas":
                request.Cylinder.Gas = value;
                break;
            default:
                request.Cylinder.Code = value;
                break;
        }

        var rejection = Try(request);
        Assert.Equal((RejectionKind.Invalid, field, value), (rejection?.Kind, rejection?.Field, rejection?.Value));
    }

    [Fact]
    public void Any_registration_is_taken_or_rejected_and_never_throws() =>
        Gen.Select(Gen.String[0, 70], Gen.String[0, 70], Gen.Int, Gen.Int, Gen.Int[-5, 40]).Sample((text, other, mass, capacity, day) =>
        {
            var request = NewCylinder();
            request.Cylinder.Code = text;
            request.Cylinder.Maker = other;
            request.Cylinder.TareG = mass;
            request.Cylinder.WaterCapacityMl = capacity;
            request.Cylinder.ManufacturedOn.Day = day;
            // A world of its own: the samples run side by side.
            var mine = new World();
            var rejection = mine.Try(new RegisterCylinderCommand(request, CodeFormat.Default), out _);
            Assert.Equal(rejection is null ? 1 : 0, mine.Ledger.Count);
        });

    private static string NewId() => Guid.NewGuid().ToString("D");

    private static RegisterCylinderRequest NewCylinder() => new()
    {
        RequestId = NewId(),
        ActorId = "A1",
        Cylinder = new CylinderRegistration
        {
            IssueRegion = "320102", Maker = "SDHL", SerialNumber = NewId(), ManufacturedOn = World.Day(2024, 1, 1), Model = "YSP35.5", Gas = "LPG", WaterCapacityMl = 35_500, TareG = 16_500,
        },
    };

    private Rejection? Try(RegisterCylinderRequest request) => world.Try(new RegisterCylinderCommand(request, CodeFormat.Default), out _);
}
