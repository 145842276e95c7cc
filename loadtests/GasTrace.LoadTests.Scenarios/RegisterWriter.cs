using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Date = Google.Type.Date;

namespace GasTrace.LoadTests.Scenarios;

/// <summary>
/// Writes a city straight into a store: loading a million cylinders through the contract is what the import measures. Rows are
/// what the service itself would have written.
/// </summary>
/// <param name="city">What there is.</param>
public sealed class RegisterWriter(City city)
{
    private const int UnitsPerAppend = 1_000;
    private static readonly Date Due = new() { Year = 2099, Month = 1, Day = 15 };
    private static readonly Date LongAgo = new() { Year = 2020, Month = 1, Day = 15 };

    /// <summary>When most cylinders were made.</summary>
    public static readonly Date MadeOn = new() { Year = 2024, Month = 1, Day = 15 };

    /// <summary>When the cylinders of the batch were made.</summary>
    public static readonly Date BatchMadeOn = new() { Year = 2024, Month = 2, Day = 15 };

    /// <summary>Writes the city into the embedded store of a folder, tables included.</summary>
    public async Task WriteAsync(SqliteOptions options, IProgress<int> progress, CancellationToken cancellationToken)
    {
        await using var store = SqliteLedgerStore.Open(options);
        await WriteAsync(store, progress, cancellationToken);
        await using var projections = SqliteProjectionStore.Open(options);
        var reader = new LedgerReader(store, new LedgerTail(await store.GetHeadAsync(cancellationToken)));
        await new Projector(store, reader, projections, TimeProvider.System, NullLogger<Projector>.Instance).CatchUpAsync(null, cancellationToken);
    }

    private async Task WriteAsync(ILedgerStore store, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var now = new Moment(TimeProvider.System.GetUtcNow());
        await AppendAsync(store, [.. Enumerable.Range(0, city.Stations).SelectMany(station => Site(station, now))], cancellationToken);
        for (var first = 0; first < city.Cylinders; first += UnitsPerAppend)
        {
            var units = Enumerable.Range(first, Math.Min(UnitsPerAppend, city.Cylinders - first)).Select(number => Cylinder(number, now)).ToList();
            await AppendAsync(store, units, cancellationToken);
            progress.Report(first + units.Count);
        }
    }

    private static async Task AppendAsync(ILedgerStore store, List<AppendUnit> units, CancellationToken cancellationToken)
    {
        var result = await store.AppendAsync(units, cancellationToken);
        if (result.Outcomes.Any(outcome => outcome.Fate != UnitFate.Committed))
        {
            throw new InvalidOperationException("The register could not be written: " + result.Outcomes.First(outcome => outcome.Fate != UnitFate.Committed));
        }
    }

    private IEnumerable<AppendUnit> Site(int station, Moment now)
    {
        var place = new Station
        {
            StationId = City.StationId(station), UnitId = City.UnitId, Region = City.Region, LicenceNumber = "TS", LicensedGases = { "LPG" }, LicenceEndsOn = Due, Status = StationStatus.Active,
        };
        var terminal = new V1.Terminal { TerminalId = City.TerminalId(station), StationId = City.StationId(station), Gas = "LPG" };
        terminal.Guns.Add(Enumerable.Range(0, city.GunsPerStation).Select(gun => new Gun { GunId = City.GunId(gun) }));
        var person = new Operator { OperatorId = City.OperatorId(station), StationIds = { City.StationId(station) }, CertificateItems = { "P" }, CertificateEndsOn = Due };
        var batch = new GasBatch
        {
            GasBatchId = City.GasBatchId(station), StationId = City.StationId(station), Gas = "LPG", CertificateNumber = "Q", CertificateEndsOn = Due, Status = GasBatchStatus.Released,
        };
        Event Header(string subject) => Origin.Service.Event(now, subject, place, "LPG");
        yield return Unit(With(Header(place.StationId), put => put.StationPut = new StationPut { Station = place }), (CardKey.Station(place.StationId), place));
        yield return Unit(With(Header(terminal.TerminalId), put => put.TerminalPut = new TerminalPut { Terminal = terminal }), (CardKey.Terminal(terminal.TerminalId), terminal));
        yield return Unit(With(Header(person.OperatorId), put => put.OperatorPut = new OperatorPut { Operator = person }), (CardKey.Operator(person.OperatorId), person));
        yield return Unit(With(Header(batch.GasBatchId), put => put.GasBatchPut = new GasBatchPut { GasBatch = batch }), (CardKey.GasBatch(place.StationId, batch.GasBatchId), batch));
    }

    private AppendUnit Cylinder(int number, Moment now)
    {
        var id = City.CylinderId(number);
        var code = city.Code(number);
        var madeOn = city.IsOfBatch(number) ? BatchMadeOn : MadeOn;
        var cylinder = new Cylinder
        {
            CylinderId = id, Code = code, Maker = City.Maker, SerialNumber = $"{number:D9}", ManufacturedOn = madeOn, Model = "YSP35.5", Gas = "LPG", Kind = CylinderKind.Lpg2023,
            WaterCapacityMl = 35_500, TareG = 16_500, MaxNetMassG = 14_900, UseRegistration = new UseRegistration { UnitId = City.UnitId, CertificateNumber = $"A{number:D9}" },
            LastInspection = new Inspection { InspectedOn = madeOn, Result = InspectionResult.Passed }, InspectionDueOn = city.IsOverdue(number) ? LongAgo : Due, ServiceLifeEndsOn = Due,
            Aliases = { new Alias { Kind = AliasKind.Code, Value = code } },
        };
        var registered = Origin.Service.Event(now, id, string.Empty, City.Region, "LPG");
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
