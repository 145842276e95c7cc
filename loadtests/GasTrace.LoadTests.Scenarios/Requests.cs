using System.Buffers.Binary;
using GasTrace.V1;

namespace GasTrace.LoadTests.Scenarios;

/// <summary>Requests as terminals and registrars send them. Each caller has a gun of its own and takes cylinders at random.</summary>
/// <param name="city">What there is.</param>
public sealed class Requests(City city)
{
    // RFC 9562, sections 4.1 and 5.7.
    private const int Version7 = 0x70;
    private const int Variant = 0x80;
    private const int PageEntries = 20;
    private static readonly PrefillCheck[] Before = [.. Enum.GetValues<PrefillItem>().Where(item => item != PrefillItem.Unspecified).Select(item => new PrefillCheck { Item = item, Outcome = CheckOutcome.Passed })];
    private static readonly PostfillCheck[] After = [.. Enum.GetValues<PostfillItem>().Where(item => item != PostfillItem.Unspecified).Select(item => new PostfillCheck { Item = item, Outcome = CheckOutcome.Passed })];

    // What a terminal is set up with costs the load generator nothing.
    private readonly string[] terminals = [.. Enumerable.Range(0, city.Stations).Select(City.TerminalId)];
    private readonly string[] guns = [.. Enumerable.Range(0, city.GunsPerStation).Select(City.GunId)];
    private readonly string[] operators = [.. Enumerable.Range(0, city.Stations).Select(City.OperatorId)];
    private readonly string[] gasBatches = [.. Enumerable.Range(0, city.Stations).Select(City.GasBatchId)];

    /// <summary>
    /// A request id: ordered by time, as terminals make them. Its random bits are no secrets, and the system's would be a call to it for
    /// each, which here would be taken from the service.
    /// </summary>
    public static string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        bytes[6] = (byte)(Version7 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(Variant | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>Any cylinder that gets a permit.</summary>
    public int Sound() => Random.Shared.Next(city.SoundCylinders);

    /// <summary>Any cylinder whose inspection is overdue.</summary>
    public int Overdue() => Random.Shared.Next(city.SoundCylinders, city.Cylinders);

    /// <summary>A scan at the caller's gun.</summary>
    public ScanRequest Scan(int caller, int cylinder)
    {
        var station = caller % city.Stations;
        var request = new ScanRequest
        {
            RequestId = NewId(),
            TerminalId = terminals[station],
            GunId = guns[caller / city.Stations % city.GunsPerStation],
            OperatorId = operators[station],
            GasBatchId = gasBatches[station],
            Scanned = city.Code(cylinder),
        };
        request.Checks.Add(Before);
        return request;
    }

    /// <summary>Gas flows.</summary>
    public static BeginFillRequest Begin(PermitTerms terms) => new() { RequestId = NewId(), PermitId = terms.PermitId, TerminalId = terms.TerminalId, GunId = terms.GunId };

    /// <summary>The report of a good fill.</summary>
    public static CompleteFillRequest Complete(PermitTerms terms)
    {
        var report = new FillReport { PermitId = terms.PermitId, TerminalId = terms.TerminalId, GunId = terms.GunId, GrossMassG = terms.TareG + terms.MaxNetMassG - 200 };
        report.Checks.Add(After);
        return new CompleteFillRequest { RequestId = NewId(), Report = report };
    }

    /// <summary>Nothing is filled after all.</summary>
    public AbortFillRequest GiveUp(int caller, string permitId) =>
        new() { RequestId = NewId(), PermitId = permitId, TerminalId = terminals[caller % city.Stations], Reason = "load test" };

    /// <summary>A look at a cylinder.</summary>
    public GetCylinderRequest Show() => new() { Scanned = city.Code(Random.Shared.Next(city.Cylinders)) };

    /// <summary>A page of a cylinder's history.</summary>
    public GetHistoryRequest History() => new() { CylinderId = City.CylinderId(Random.Shared.Next(city.Cylinders)), PageSize = PageEntries };

    /// <summary>The newest of what the caller's station did.</summary>
    public SearchRequest Search(int caller) => new() { StationId = City.StationId(caller % city.Stations), PageSize = PageEntries };

    /// <summary>An entry by its position: the register was written first, so that there is one for each cylinder.</summary>
    public GetEntryRequest Entry() => new() { Position = Random.Shared.Next(city.Cylinders) };

    /// <summary>A registrar notes that a cylinder is back.</summary>
    public RecordWhereaboutsRequest Whereabouts() => new() { RequestId = NewId(), ActorId = "load", CylinderId = City.CylinderId(Random.Shared.Next(city.Cylinders)) };

    /// <summary>Recalls the month of the city's batch.</summary>
    public static BlacklistRequest RecallBatch() => new()
    {
        RequestId = NewId(),
        ActorId = "load",
        MakerMonth = new MakerMonth { Maker = City.Maker, Year = RegisterWriter.BatchMadeOn.Year, Month = RegisterWriter.BatchMadeOn.Month },
        Reason = "load test",
    };

    /// <summary>A row of an import: a cylinder that nobody has.</summary>
    public static ImportRow Row(string importId, int number) => new()
    {
        RowNumber = number,
        Cylinder = new CylinderRegistration
        {
            IssueRegion = City.Region, Maker = City.Maker, SerialNumber = $"{importId[^12..]}-{number:D9}", ManufacturedOn = RegisterWriter.MadeOn, Model = "YSP35.5", Gas = "LPG",
            WaterCapacityMl = 35_500, TareG = 16_500, UseRegistration = new UseRegistration { UnitId = City.UnitId, CertificateNumber = $"A{number:D9}" },
        },
    };
}
