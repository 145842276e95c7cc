using GasTrace.Simulation.Checking;
using GasTrace.Simulation.Clockwork;
using GasTrace.V1;
using Google.Protobuf;
using Date = Google.Type.Date;

namespace GasTrace.Simulation.City;

/// <summary>Where a gun stands.</summary>
internal sealed record GunPlace(string Station, string Terminal, string Gun);

/// <summary>A city from a seed: few cylinders for many guns, so that they meet.</summary>
internal sealed class CityPlan
{
    private const string CodeAlphabet = "0123456789ABCDEFGHJKLMNPRSTVWXYZ";
    private static readonly string[] Units = ["U1", "U2", "U3"];
    private readonly Draw random;
    private int serials;

    public CityPlan(Draw random, int stations = 6, int terminalsPerStation = 16, int gunsPerTerminal = 2)
    {
        this.random = random;
        Cylinders = random.Of([150, 400, 1_000]);
        for (var s = 0; s < stations; s++)
        {
            for (var t = 0; t < terminalsPerStation; t++)
            {
                for (var g = 0; g < gunsPerTerminal; g++)
                {
                    Guns.Add(new GunPlace($"S{s}", $"S{s}T{t}", $"G{g}"));
                }
            }
        }
    }

    /// <summary>How many cylinders there are at first.</summary>
    public int Cylinders { get; }

    public List<GunPlace> Guns { get; } = [];

    public IEnumerable<string> Stations => Guns.Select(gun => gun.Station).Distinct();

    public static Date Day(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    /// <summary>All that must be there before the first cylinder, in an order that can be kept.</summary>
    public IEnumerable<IMessage> Sites()
    {
        var far = Day(new DateOnly(2030, 1, 1));
        yield return Limit("permit_lifetime_s", 60);
        yield return Limit("fill_duration_max_s", 120);
        foreach (var body in (string[])["I1", "I2"])
        {
            yield return new PutInspectionBodyRequest { InspectionBody = new InspectionBody { InspectionBodyId = body } };
        }

        foreach (var id in Stations)
        {
            var station = new Station
            {
                StationId = id,
                UnitId = random.Of(Units),
                Region = random.Of(["320102", "320201"]),
                LicenceNumber = "TS1",
                LicensedGases = { "LPG" },
                LicenceEndsOn = random.Chance(0.9) ? far : Day(new DateOnly(2026, 3, 2 + random.Below(20))),
            };
            if (random.Chance(0.3))
            {
                (station.NominalNetMassG, station.NominalToleranceG) = (12_000, 500);
            }

            yield return new PutStationRequest { Station = station };
            yield return new PutOperatorRequest { Operator = Operator(id, far) };
            yield return new PutGasBatchRequest { GasBatch = Batch(id, GasBatchStatus.Released) };
        }

        foreach (var terminal in Guns.GroupBy(gun => gun.Terminal))
        {
            var put = new V1.Terminal { TerminalId = terminal.Key, StationId = terminal.First().Station, Gas = random.Chance(0.97) ? "LPG" : "PROPANE" };
            put.Guns.Add(terminal.Select(gun => new Gun { GunId = gun.Gun, CalibrationEndsOn = random.Chance(0.95) ? far : Day(new DateOnly(2026, 3, 1 + random.Below(10))) }));
            yield return new PutTerminalRequest { Terminal = put };
        }
    }

    public static PutLimitRequest Limit(string name, long value) =>
        new() { Limit = new Limit { Name = name, Value = value, Source = "simulation", Confidence = Confidence.C, ValidFrom = Day(new DateOnly(2026, 1, 1)) } };

    public static Operator Operator(string station, Date certified, bool blacklisted = false) => new()
    {
        OperatorId = $"P{station}", StationIds = { station }, CertificateNumber = "C1", CertificateItems = { "P" }, CertificateEndsOn = certified, Blacklisted = blacklisted,
    };

    public static GasBatch Batch(string station, GasBatchStatus status) => new()
    {
        GasBatchId = $"B{station}", StationId = station, Gas = "LPG", CertificateNumber = "Q1", CertificateEndsOn = Day(new DateOnly(2027, 1, 1)), Status = status,
    };

    /// <summary>A cylinder, sound or with something wrong.</summary>
    public RegisterCylinderRequest NewCylinder()
    {
        var made = new DateOnly(2019, 1, 1).AddDays(random.Below(1_700));
        var wrong = random.Below(120);
        var cylinder = new CylinderRegistration
        {
            Code = random.Chance(0.5) ? NewCode() : string.Empty,
            IssueRegion = "320102",
            Maker = random.Of(["SDHL", "JSMS"]),
            SerialNumber = $"{1_000_000 + serials++}",
            Model = wrong == 0 ? "YSP118-II" : "YSP35.5",
            Gas = wrong == 1 ? "PROPANE" : "LPG",
            WaterCapacityMl = 35_500,
            TareG = wrong == 2 ? 0 : 16_500,
            MaxNetMassG = 14_500,
            Refurbished = wrong == 3,
            Scrapped = wrong == 4,
            PurgeRequired = wrong == 5,
        };
        made = wrong == 6 ? new DateOnly(2005, 5, 5) : wrong == 7 ? new DateOnly(2024, 2, 2) : made;
        cylinder.ManufacturedOn = Day(made);
        if (wrong is not 8 and not 7)
        {
            cylinder.LastInspection = new Inspection
            {
                InspectedOn = Day(wrong == 9 ? new DateOnly(2022, 3, 1 + random.Below(28)) : new DateOnly(2024, 6, 1)),
                Result = wrong == 10 ? InspectionResult.Failed : InspectionResult.Passed,
                InspectionBodyId = random.Of(["I1", "I2"]),
            };
        }

        if (wrong is 11)
        {
            cylinder.InspectionDueOn = Day(new DateOnly(2026, 2, 25).AddDays(random.Below(10)));
        }

        if (wrong is 12)
        {
            cylinder.ServiceLifeEndsOn = Day(new DateOnly(2026, 2, 25).AddDays(random.Below(10)));
        }

        if (wrong is 14 or 15)
        {
            cylinder.OutOfUse = new OutOfUse { From = wrong == 15 ? Day(new DateOnly(2025, 1, 1)) : null };
        }

        if (wrong is not 13)
        {
            cylinder.UseRegistration = new UseRegistration { UnitId = random.Of(Units), CertificateNumber = "R1" };
        }

        return new RegisterCylinderRequest { Cylinder = cylinder };
    }

    /// <summary>A code of its own making, with the right check character.</summary>
    public string NewCode()
    {
        var body = "320102" + string.Concat(Enumerable.Range(0, 9).Select(_ => CodeAlphabet[random.Below(CodeAlphabet.Length)]));
        return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".Select(check => body + check).First(ReferenceModel.CheckCharacterHolds);
    }
}
