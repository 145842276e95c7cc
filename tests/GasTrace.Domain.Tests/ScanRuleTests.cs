using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling.Rules;
using GasTrace.Domain.Limits;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf.WellKnownTypes;

namespace GasTrace.Domain.Tests;

public class ScanRuleTests
{
    /// <summary>One way to earn each refusal, and only that one: a rule without a row here fails below.</summary>
    private static readonly Dictionary<RefusalCode, Action<World>> Spoil = new()
    {
        [RefusalCode.CodeMalformed] = world => world.Request.Scanned = string.Empty,
        [RefusalCode.CodeCheckFailed] = world => world.Request.Scanned = World.Code[..15] + "0",
        [RefusalCode.CodeUnknown] = world => world.Request.Scanned = Registry.Codes.IssuedIdentity.Code("320102", "another"),
        [RefusalCode.CodeVoided] = world => world.Put(CardKey.Alias(AliasKind.Code, World.Code), new AliasCard { CylinderId = World.CylinderId, Voided = true }),
        [RefusalCode.CodeStampMismatch] = world => world.Request.StampedNumber = "1000001",
        [RefusalCode.CodeCloneSuspect] = Held(HoldKind.CloneSuspect),
        [RefusalCode.CylinderScrapped] = world => world.Cylinder.Scrapped = true,
        [RefusalCode.CylinderSeized] = Held(HoldKind.Seized),
        [RefusalCode.CylinderBlacklisted] = Held(HoldKind.Blacklisted),
        [RefusalCode.ModelOrBatchRecalled] = world => world.Put(CardKey.RecallOfMonth("SDHL", 2023, 3), new Recall { Active = true, Reason = "weld", MakerMonth = new MakerMonth { Maker = "SDHL", Year = 2023, Month = 3 } }),
        [RefusalCode.TwoPhaseBanned] = world => world.Cylinder.Model = "YSP118-II",
        [RefusalCode.Refurbished] = world => world.Cylinder.Refurbished = true,
        [RefusalCode.CylinderOutOfUse] = Held(HoldKind.OutOfUse),
        [RefusalCode.InspectionOverdue] = world => world.Cylinder.InspectionDueOn = World.Day(2026, 11, 22),
        [RefusalCode.InspectionMissing] = world =>
        {
            world.Cylinder.LastInspection = null;
            world.Cylinder.InspectionDueOn = null;
            world.Cylinder.ManufacturedOn = World.Day(2022, 11, 22);
        },
        [RefusalCode.InspectionFailed] = world => world.Cylinder.LastInspection.Result = InspectionResult.Failed,
        [RefusalCode.InspectionOrgInvalid] = world =>
        {
            world.Cylinder.LastInspection.InspectionBodyId = "J1";
            world.Put(CardKey.InspectionBody("J1"), new InspectionBody { InspectionBodyId = "J1", RevokedFrom = World.Day(2023, 3, 12) });
        },
        [RefusalCode.ServiceLifeExceeded] = world => world.Cylinder.ServiceLifeEndsOn = World.Day(2026, 11, 22),
        [RefusalCode.LongStorageUninspected] = world => world.Cylinder.OutOfUse = new OutOfUse { From = World.Day(2023, 3, 13), Until = World.Day(2027, 3, 14) },
        [RefusalCode.NotRegisteredToStation] = world => world.Cylinder.UseRegistration.UnitId = "U2",
        [RefusalCode.UseRegistrationMissing] = world => world.Cylinder.UseRegistration.CertificateNumber = string.Empty,
        [RefusalCode.MediumMismatch] = world => world.GasBatch.Gas = "PROPYLENE",
        [RefusalCode.TareUnknown] = world => world.Cylinder.TareG = 0,
        [RefusalCode.TareDeviation] = world => world.Request.WeighedTareG = 16_801,
        [RefusalCode.NoResidualPressure] = world => world.Request.ResidualPressureKpa = 0,
        [RefusalCode.PurgeRequired] = world => world.Cylinder.PurgeRequired = true,
        [RefusalCode.GasBatchOnHold] = world => world.GasBatch.Status = GasBatchStatus.Condemned,
        [RefusalCode.GasBatchUntested] = world => world.GasBatch.CertificateEndsOn = World.Day(2026, 11, 22),
        [RefusalCode.StationUnlicensed] = world => world.Station.Status = StationStatus.Revoked,
        [RefusalCode.StationLicenceExpired] = world => world.Station.LicenceEndsOn = World.Day(2026, 11, 22),
        [RefusalCode.StationScopeExceeded] = world => world.Station.LicensedGases.Clear(),
        [RefusalCode.StationSuspended] = world => world.Station.Status = StationStatus.Suspended,
        [RefusalCode.OperatorUnknown] = world => world.Request.OperatorId = "P9",
        [RefusalCode.OperatorCertInvalid] = world => world.Operator.CertificateItems[0] = "R",
        [RefusalCode.OperatorBlacklisted] = world => world.Operator.Blacklisted = true,
        [RefusalCode.TerminalUnregistered] = world => world.Request.GunId = "G9",
        [RefusalCode.ScaleCalibrationExpired] = world => world.Terminal.Guns[0].CalibrationEndsOn = World.Day(2026, 11, 22),
        [RefusalCode.ScaleLocked] = world => world.Terminal.Guns[0].Locked = true,
        [RefusalCode.PrefillCheckMissing] = world => world.Request.Checks.RemoveAt(3),
        [RefusalCode.PrefillCheckFailed] = world => world.Request.Checks[1].Outcome = CheckOutcome.Failed,
        [RefusalCode.PermitOpen] = world => world.Scan(World.NewScan("G2")),
        [RefusalCode.NotReturned] = world =>
        {
            world.Limit(LimitNames.NotReturned, 2);
            world.Cylinder.Whereabouts = Whereabouts.AtCustomer;
        },
        [RefusalCode.ScaleBusy] = world => world.Put(CardKey.Gun("T1", "G1"), new GunCard { BegunPermitId = "C2-1", ReportByUnixS = world.Now.ToUnixTimeSeconds() + 1 }),
        [RefusalCode.ClockUntrusted] = world => world.Request.TerminalTime = world.At(TimeSpan.FromSeconds(301)),
    };

    public static TheoryData<RefusalCode> Codes => [.. ScanRules.All.Select(rule => rule.Code)];

    [Fact]
    public void A_sound_cylinder_at_a_sound_station_gets_a_permit_that_says_what_a_scale_needs()
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms;
        Assert.Equal((16_500, 14_900, "LPG", "S1", "G1"), (permit.TareG, permit.MaxNetMassG, permit.Gas, permit.StationId, permit.GunId));
        Assert.Equal(600, permit.ExpiresAtUnixS - permit.IssuedAtUnixS);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_rule_refuses_for_its_own_reason_and_no_other(RefusalCode code)
    {
        var world = new World();
        Spoil[code](world);
        if (code == RefusalCode.LongStorageUninspected)
        {
            world.Now = new DateTimeOffset(2027, 3, 14, 4, 0, 0, TimeSpan.Zero);
            world.Cylinder.LastInspection.InspectedOn = World.Day(2023, 3, 14);
            world.Cylinder.InspectionDueOn = World.Day(2027, 3, 14);
        }

        Assert.Equal([FindingCodes.NameOf(code)], world.Refusals());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_rule_has_texts_in_both_languages_and_a_source(RefusalCode code)
    {
        var rule = ScanRules.All.Single(candidate => candidate.Code == code);
        Assert.Contains(rule.Chinese, character => character >= '\u4e00');
        Assert.DoesNotContain(rule.English, character => character >= '\u4e00');
        Assert.NotEmpty(rule.Source);
    }

    [Fact]
    public void Every_refusal_of_the_contract_but_the_offline_ones_has_its_rule_in_the_order_of_numbers()
    {
        var expected = System.Enum.GetValues<RefusalCode>().Where(code => (int)code is > 0 and not 901 and not 902).Order();
        Assert.Equal(expected, ScanRules.All.Select(rule => rule.Code));
    }

    [Fact]
    public void All_reasons_are_given_lowest_number_first_and_in_the_bitmap()
    {
        var world = new World();
        world.Station.Status = StationStatus.Suspended;
        world.Cylinder.Refurbished = true;
        world.Operator.CertificateEndsOn = World.Day(2026, 11, 22);
        var refusal = world.Scan().Refusal;
        Assert.Equal(["REFURBISHED", "STATION_SUSPENDED", "OPERATOR_CERT_INVALID"], refusal.Findings.Select(finding => finding.Code));
        Assert.Equal(3, System.Numerics.BitOperations.PopCount(refusal.Bitmap));
        Assert.Equal(1UL << 11, refusal.Bitmap & (1UL << 11));
    }

    [Theory]
    [InlineData((int)InspectionResult.Unspecified)]
    [InlineData(99)]
    public void An_inspection_is_passed_only_when_it_says_so(int result)
    {
        var world = new World();
        world.Cylinder.LastInspection.Result = (InspectionResult)result;
        Assert.Equal(["INSPECTION_FAILED"], world.Refusals());
    }

    [Theory]
    [InlineData(2026, 11, 23, true)]
    [InlineData(2026, 11, 22, false)]
    public void An_inspection_is_good_through_its_due_day(int year, int month, int day, bool permitted)
    {
        var world = new World();
        world.Cylinder.InspectionDueOn = World.Day(year, month, day);
        Assert.Equal(permitted, world.Scan().Permit is not null);
    }

    [Fact]
    public void The_day_is_the_stations_not_greenwichs()
    {
        var world = new World { Now = new DateTimeOffset(2026, 11, 23, 16, 0, 0, TimeSpan.Zero) };
        world.Cylinder.InspectionDueOn = World.Day(2026, 11, 23);
        Assert.Equal(["INSPECTION_OVERDUE"], world.Refusals());
    }

    [Fact]
    public void The_earlier_of_the_recorded_due_date_and_the_interval_counts()
    {
        var world = new World();
        world.Cylinder.LastInspection.InspectedOn = World.Day(2022, 11, 22);
        world.Cylinder.InspectionDueOn = World.Day(2030, 1, 1);
        world.Cylinder.ManufacturedOn = World.Day(2021, 1, 1);
        var finding = Assert.Single(world.Scan().Refusal.Findings);
        Assert.Equal("2026-11-22", finding.Facts["due"]);
    }

    [Theory]
    [InlineData(0, "INSPECTION_OVERDUE", "start-of-month")]
    [InlineData(1, "", "")]
    public void A_due_month_counts_by_policy_and_the_refusal_says_which(int policy, string code, string said)
    {
        var world = new World();
        world.Limit(LimitNames.MonthPolicy, policy);
        world.Cylinder.InspectionDueOn = World.Day(2026, 11, 1);
        world.Cylinder.InspectionDuePrecision = DatePrecision.Month;
        var finding = world.Scan().Refusal?.Findings.Single();
        Assert.Equal((code, said), (finding?.Code ?? string.Empty, finding?.Facts["policy"] ?? string.Empty));
    }

    [Theory]
    [InlineData(0, 11, 20, "SERVICE_LIFE_EXCEEDED", "start-of-month", "2026-11-01")]
    [InlineData(1, 11, 20, "", "", "")]
    [InlineData(1, 10, 1, "SERVICE_LIFE_EXCEEDED", "end-of-month", "2026-10-31")]
    public void The_last_month_of_design_life_counts_by_policy_too(int policy, int month, int day, string code, string said, string ends)
    {
        var world = new World();
        world.Limit(LimitNames.MonthPolicy, policy);
        world.Cylinder.ServiceLifeEndsOn = World.Day(2026, month, day);
        world.Cylinder.ServiceLifePrecision = DatePrecision.Month;
        var finding = world.Scan().Refusal?.Findings.Single();
        Assert.Equal((code, said, ends), (finding?.Code ?? string.Empty, finding?.Facts["policy"] ?? string.Empty, finding?.Facts["service_life_ends_on"] ?? string.Empty));
    }

    [Theory]
    [InlineData(RefusalCode.CylinderSeized, "hold", "HOLD_KIND_SEIZED")]
    [InlineData(RefusalCode.ModelOrBatchRecalled, "recall", "maker_month")]
    [InlineData(RefusalCode.GasBatchOnHold, "status", "GAS_BATCH_STATUS_CONDEMNED")]
    [InlineData(RefusalCode.PrefillCheckMissing, "items", "PREFILL_ITEM_COLOUR_AND_LABEL")]
    [InlineData(RefusalCode.PrefillCheckFailed, "items", "PREFILL_ITEM_VALVE")]
    [InlineData(RefusalCode.NotReturned, "whereabouts", "WHEREABOUTS_AT_CUSTOMER")]
    public void Facts_have_the_contracts_names(RefusalCode code, string fact, string value)
    {
        var world = new World();
        Spoil[code](world);
        Assert.Equal(value, world.Scan().Refusal.Findings.Single(finding => finding.Refusal == code).Facts[fact]);
    }

    [Fact]
    public void With_an_unknown_terminal_only_terminal_checks_and_cylinder_are_judged()
    {
        var world = new World();
        world.Request.TerminalId = "T9";
        world.Request.OperatorId = "P9";
        world.Request.GasBatchId = "B9";
        world.Cylinder.UseRegistration.UnitId = "U2";
        world.Cylinder.Refurbished = true;
        Assert.Equal(["REFURBISHED", "TERMINAL_UNREGISTERED"], world.Refusals());
    }

    [Fact]
    public void With_an_unknown_code_terminal_station_operator_batch_and_checks_are_judged()
    {
        var world = new World();
        world.Request.Scanned = "ABC";
        world.Station.Status = StationStatus.Suspended;
        world.GasBatch.Gas = "PROPANE";
        world.Operator.CertificateItems.Clear();
        world.Request.Checks[0].Outcome = CheckOutcome.Failed;
        Assert.Equal(["CODE_MALFORMED", "MEDIUM_MISMATCH", "STATION_SUSPENDED", "OPERATOR_CERT_INVALID", "PREFILL_CHECK_FAILED"], world.Refusals());
    }

    [Fact]
    public void Custody_lets_another_units_cylinders_be_filled_until_it_ends()
    {
        var world = new World();
        world.Cylinder.UseRegistration.UnitId = "U2";
        world.Put(CardKey.Custody("U2", "S1"), new Custody { UnitId = "U2", StationId = "S1", Active = true });
        Assert.NotNull(world.Scan().Permit);
        world.Put(CardKey.Custody("U2", "S1"), new Custody { UnitId = "U2", StationId = "S1", Active = false });
        Assert.Contains("NOT_REGISTERED_TO_STATION", world.Refusals(World.NewScan("G2")));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("codes")]
    public void Recalls_hold_by_model_and_by_range_of_codes(string kind)
    {
        var world = new World();
        if (kind == "model")
        {
            world.Put(CardKey.RecallOfModel("YSP35.5"), new Recall { Active = true });
            world.Cylinder.Model = "YSP35.5/14.9";
        }
        else
        {
            var range = new CodeRange { First = "3201020000000000", Last = "3201022000000000" };
            world.Put(CardKey.RecallOfCodes("320102"), new RecallRangesCard { Recalls = { new Recall { Active = true, CodeRange = range } } });
        }

        Assert.Equal(["MODEL_OR_BATCH_RECALLED"], world.Refusals());
    }

    [Fact]
    public void A_tare_deviation_may_be_overridden_by_a_named_supervisor_and_that_is_an_entry_of_its_own()
    {
        var world = new World();
        world.Request.WeighedTareG = 17_000;
        world.Request.Overrides.Add(new Override { Refusal = RefusalCode.TareDeviation, SupervisorId = "P7", Reason = "new valve" });
        var response = world.Scan();
        Assert.NotNull(response.Permit);
        Assert.Contains(response.Warnings, warning => warning.Code == "OVERRIDDEN");
        Assert.Equal([Event.BodyOneofCase.RuleOverridden, Event.BodyOneofCase.PermitIssued], world.Ledger.Select(happened => happened.BodyCase));
        Assert.Equal("P7", world.Ledger[0].RuleOverridden.SupervisorId);
    }

    [Fact]
    public void No_other_refusal_can_be_overridden()
    {
        var world = new World();
        world.Cylinder.Scrapped = true;
        world.Request.Overrides.Add(new Override { Refusal = RefusalCode.CylinderScrapped, SupervisorId = "P7", Reason = "please" });
        Assert.Equal(["CYLINDER_SCRAPPED"], world.Refusals());
    }

    [Fact]
    public void A_purge_after_the_last_fill_lifts_the_want_of_residual_pressure()
    {
        var world = new World();
        world.Request.ResidualPressureKpa = 0;
        world.Cylinder.PurgedAt = world.At(TimeSpan.FromHours(-1));
        Assert.NotNull(world.Scan().Permit);
    }

    [Fact]
    public void What_ends_soon_is_warned_of()
    {
        var world = new World();
        world.Cylinder.InspectionDueOn = World.Day(2026, 12, 23);
        world.Cylinder.ServiceLifeEndsOn = World.Day(2027, 2, 21);
        world.Station.LicenceEndsOn = World.Day(2026, 11, 23);
        world.Operator.CertificateEndsOn = World.Day(2026, 12, 1);
        world.Terminal.Guns[0].CalibrationEndsOn = World.Day(2026, 12, 1);
        world.Cylinder.Whereabouts = Whereabouts.Full;
        world.Request.TerminalTime = Timestamp.FromDateTimeOffset(world.Now.AddSeconds(-61));
        Assert.Equal(
            ["INSPECTION_DUE_SOON", "SERVICE_LIFE_ENDS_SOON", "STATION_LICENCE_ENDS_SOON", "OPERATOR_CERT_ENDS_SOON", "CALIBRATION_ENDS_SOON", "CLOCK_DRIFT", "NOT_RETURNED"],
            world.Scan().Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void A_changed_limit_holds_from_its_day_and_changes_the_version_of_the_rules()
    {
        var world = new World();
        var before = world.Scan().Permit.Terms;
        world.Abort(before.PermitId);
        world.Limit(LimitNames.PermitLifetime, 60);
        var after = world.Scan(World.NewScan()).Permit.Terms;
        Assert.Equal(60, after.ExpiresAtUnixS - after.IssuedAtUnixS);
        Assert.Equal(before.RulesVersion + 1, after.RulesVersion);
    }

    private static Action<World> Held(HoldKind kind) => world => world.Cylinder.Holds.Add(new Hold { Kind = kind, Reason = "test", Since = world.At(TimeSpan.Zero) });
}
