using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger.Storage;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;
using Date = Google.Type.Date;

namespace GasTrace.LoadTests;

/// <summary>
/// A register of sound cylinders, written straight into a store: loading a million through the contract is what the import
/// scenario measures. Rows are what the service itself would have written.
/// </summary>
internal sealed class Register(int cylinders, int stations, int gunsPerStation)
{
    private const int UnitsPerAppend = 1_000;
    private static readonly Date Made = new() { Year = 2024, Month = 1, Day = 15 };
    private static readonly Date Due = new() { Year = 2099, Month = 1, Day = 15 };

    private readonly string[] codes = [.. Enumerable.Range(0, cylinders).Select(number => IssuedIdentity.Code("320102", $"load-{number}"))];

    public int Cylinders => cylinders;

    public int Stations => stations;

    public int GunsPerStation => gunsPerStation;

    public static string StationId(int station) => $"S{station:D3}";

    public static string TerminalId(int station) => $"T{station:D3}";

    public static string GunId(int gun) => $"G{gun:D2}";

    public static string OperatorId(int station) => $"P{station:D3}";

    public static string GasBatchId(int station) => $"B{station:D3}";

    /// <summary>Codes are made once: what a scanner reads costs the load generator nothing.</summary>
    public string Code(int number) => codes[number];

    public async Task WriteAsync(ILedgerStore store, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var now = new Moment(TimeProvider.System.GetUtcNow());
        await store.AppendAsync([.. Enumerable.Range(0, stations).SelectMany(station => Site(station, now))], cancellationToken);
        for (var first = 0; first < cylinders; first += UnitsPerAppend)
        {
            var units = Enumerable.Range(first, Math.Min(UnitsPerAppend, cylinders - first)).Select(number => Cylinder(number, now)).ToList();
            var result = await store.AppendAsync(units, cancellationToken);
            if (result.Outcomes.Any(outcome => outcome.Fate != UnitFate.Committed))
            {
                throw new InvalidOperationException("The register could not be written: " + result.Outcomes.First(outcome => outcome.Fate != UnitFate.Committed));
            }

            progress.Report(first + units.Count);
        }
    }

    private IEnumerable<AppendUnit> Site(int station, Moment now)
    {
        var place = new Station
        {
            StationId = StationId(station), UnitId = "U1", Region = "320102", LicenceNumber = "TS", LicensedGases = { "LPG" }, LicenceEndsOn = Due, Status = StationStatus.Active,
        };
        var terminal = new V1.Terminal { TerminalId = TerminalId(station), StationId = StationId(station), Gas = "LPG" };
        terminal.Guns.Add(Enumerable.Range(0, gunsPerStation).Select(gun => new Gun { GunId = GunId(gun) }));
        var person = new Operator { OperatorId = OperatorId(station), StationIds = { StationId(station) }, CertificateItems = { "P" }, CertificateEndsOn = Due };
        var batch = new GasBatch
        {
            GasBatchId = GasBatchId(station), StationId = StationId(station), Gas = "LPG", CertificateNumber = "Q", CertificateEndsOn = Due, Status = GasBatchStatus.Released,
        };
        Event Header(string subject) => Origin.Service.Event(now, subject, place, "LPG");
        yield return Unit(With(Header(place.StationId), put => put.StationPut = new StationPut { Station = place }), (CardKey.Station(place.StationId), place));
        yield return Unit(With(Header(terminal.TerminalId), put => put.TerminalPut = new TerminalPut { Terminal = terminal }), (CardKey.Terminal(terminal.TerminalId), terminal));
        yield return Unit(With(Header(person.OperatorId), put => put.OperatorPut = new OperatorPut { Operator = person }), (CardKey.Operator(person.OperatorId), person));
        yield return Unit(With(Header(batch.GasBatchId), put => put.GasBatchPut = new GasBatchPut { GasBatch = batch }), (CardKey.GasBatch(place.StationId, batch.GasBatchId), batch));
    }

    private AppendUnit Cylinder(int number, Moment now)
    {
        var id = IssuedIdentity.CylinderId($"load-{number}");
        var code = codes[number];
        var cylinder = new Cylinder
        {
            CylinderId = id, Code = code, Maker = "SDHL", SerialNumber = $"{number:D9}", ManufacturedOn = Made, Model = "YSP35.5", Gas = "LPG", Kind = CylinderKind.Lpg2023,
            WaterCapacityMl = 35_500, TareG = 16_500, MaxNetMassG = 14_900, UseRegistration = new UseRegistration { UnitId = "U1", CertificateNumber = $"A{number:D9}" },
            LastInspection = new Inspection { InspectedOn = Made, Result = InspectionResult.Passed }, InspectionDueOn = Due, ServiceLifeEndsOn = Due,
            Aliases = { new Alias { Kind = AliasKind.Code, Value = code } },
        };
        var registered = Origin.Service.Event(now, id, string.Empty, "320102", "LPG");
        registered.CylinderRegistered = new CylinderRegistered { Cylinder = cylinder };
        return Unit(
            registered,
            (CardKey.Cylinder(id), new CylinderCard { Cylinder = cylinder }),
            (CardKey.Alias(AliasKind.Code, code), new AliasCard { CylinderId = id, Kind = AliasKind.Code }));
    }

    private static AppendUnit Unit(Event happened, params (CardKey Key, IMessage State)[] cards) => new(
        [new NewEntry(EntryHeader.Of(happened), happened.ToByteArray())],
        [.. cards.Select(card => new CardRead(card.Key, 0))],
        [.. cards.Select(card => new CardWrite(card.Key, 0, card.State.ToByteArray()))],
        []);

    private static Event With(Event happened, Action<Event> body)
    {
        body(happened);
        return happened;
    }
}
