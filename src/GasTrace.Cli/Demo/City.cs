using GasTrace.Domain.Registry;
using GasTrace.Domain.Registry.Codes;
using GasTrace.V1;
using Date = Google.Type.Date;

namespace GasTrace.Cli.Demo;

/// <summary>A station of the demonstration.</summary>
/// <param name="Station">The station.</param>
/// <param name="Terminals">Its terminals.</param>
/// <param name="OperatorIds">Its operators; the last one's certificate has expired.</param>
/// <param name="GasBatchIds">Its gas batches; the last one is condemned.</param>
internal sealed record DemoStation(Station Station, IReadOnlyList<V1.Terminal> Terminals, IReadOnlyList<string> OperatorIds, IReadOnlyList<string> GasBatchIds);

/// <summary>A believable city: stations, and cylinders whose ages, models, owners and faults lie in believable shares. The same seed gives the same city.</summary>
internal sealed class City(int stations, int cylinders, DateOnly today, int seed)
{
    private const int GunsPerTerminal = 8;
    private const int TerminalsPerStation = 3;
    private static readonly string[] Regions = ["320102", "320104", "320105", "320106", "320111", "320113", "320114", "320115"];
    private static readonly string[] Makers = ["SDHL", "HBLL", "JSGB", "ZJMD"];
    private static readonly (string Model, int Ml, int TareG, int Share)[] Models =
    [
        ("YSP35.5", 35_500, 16_500, 70), ("YSP12", 12_000, 7_000, 10), ("YSP118", 118_000, 46_000, 9), ("YSP26.2", 26_200, 13_500, 6),
        ("YSP4.7", 4_700, 3_400, 4), ("YSP118-II", 118_000, 46_000, 1),
    ];

    /// <summary>The stations.</summary>
    public IReadOnlyList<DemoStation> Stations { get; } = [.. Enumerable.Range(1, stations).Select(number => StationOf(number, today))];

    /// <summary>The cylinders, and whether each is to be blacklisted.</summary>
    public IEnumerable<(CylinderRegistration Cylinder, bool Blacklisted)> Cylinders()
    {
        var random = new Random(seed);
        for (var number = 1; number <= cylinders; number++)
        {
            yield return (CylinderOf(number, random), random.Next(1_000) < 3);
        }
    }

    private static DemoStation StationOf(int number, DateOnly today)
    {
        var id = $"S{number:D2}";
        var station = new Station
        {
            StationId = id,
            Name = $"第{number}充装站",
            UnitId = $"U{(number + 1) / 2:D2}",
            Region = Regions[(number - 1) % Regions.Length],
            LicenceNumber = $"TS42320{number:D2}",
            LicenceEndsOn = Day(today.AddYears(2)),
        };
        station.LicensedGases.Add("LPG");
        var terminals = Enumerable.Range(1, TerminalsPerStation).Select(terminal =>
        {
            var put = new V1.Terminal { TerminalId = $"T{number:D2}{terminal}", StationId = id, Gas = "LPG" };
            put.Guns.Add(Enumerable.Range(1, GunsPerTerminal).Select(gun => new Gun { GunId = $"G{gun}", CalibrationEndsOn = Day(today.AddMonths(8)) }));
            return put;
        });
        return new DemoStation(station, [.. terminals], [$"P{number:D2}0", $"P{number:D2}1", $"P{number:D2}2"], [$"B{number:D2}0", $"B{number:D2}1"]);
    }

    private CylinderRegistration CylinderOf(int number, Random random)
    {
        var (model, capacityMl, tareG, _) = Pick(random);
        // Most cylinders are young: the old ones have been scrapped over the years.
        var made = today.AddDays(-(int)(Math.Pow(random.NextDouble(), 1.6) * 365 * 12));
        var life = made.AddYears(random.Next(10) < 7 ? 12 : 8);
        var inspected = made;
        while (inspected.AddYears(4) <= today && random.Next(100) < 97)
        {
            inspected = inspected.AddYears(4);
        }

        var region = Regions[random.Next(Regions.Length)];
        var unit = Stations[random.Next(Stations.Count)].Station.UnitId;
        return new CylinderRegistration
        {
            Code = IssuedIdentity.Code(region, $"demo-{seed}-{number}"),
            Maker = Makers[random.Next(Makers.Length)],
            SerialNumber = $"{number:D8}",
            ManufacturedOn = Day(made),
            Model = model,
            Gas = "LPG",
            WaterCapacityMl = capacityMl,
            TareG = tareG + random.Next(-400, 400),
            UseRegistration = new UseRegistration { UnitId = unit, CertificateNumber = random.Next(1_000) < 8 ? string.Empty : $"瓶30苏A{number:D7}" },
            LastInspection = new Inspection { InspectedOn = Day(inspected), Result = random.Next(1_000) < 5 ? InspectionResult.Failed : InspectionResult.Passed },
            InspectionDueOn = Day(inspected.AddYears(4)),
            ServiceLifeEndsOn = Day(life),
            Refurbished = random.Next(1_000) < 3,
            Scrapped = random.Next(1_000) < 15,
        };
    }

    private static (string Model, int Ml, int TareG, int Share) Pick(Random random)
    {
        var at = random.Next(Models.Sum(model => model.Share));
        foreach (var model in Models)
        {
            if ((at -= model.Share) < 0)
            {
                return model;
            }
        }

        return Models[0];
    }

    /// <summary>Greatest contents of a model, grams.</summary>
    public static int MaxNetMassG(string model) => CylinderModel.Find(model)?.MaxNetMassG ?? 0;

    internal static Date Day(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };
}
