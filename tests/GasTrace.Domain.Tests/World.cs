using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Date = Google.Type.Date;

namespace GasTrace.Domain.Tests;

/// <summary>
/// Cards in a dictionary and a clock: runs commands as the service does, without a host. A sound cylinder at a sound station,
/// to be spoilt by each test in one respect.
/// </summary>
internal sealed class World
{
    public const string Code = "3201021PNT1XFSNH";
    public const string CylinderId = "C0000000000001";
    private readonly Dictionary<CardKey, Card> cards = [];

    public World()
    {
        Put(CardKey.Station("S1"), Station);
        Put(CardKey.Terminal("T1"), Terminal);
        Put(CardKey.Operator("P1"), Operator);
        Put(CardKey.GasBatch("S1", "B1"), GasBatch);
        Put(CardKey.Alias(AliasKind.Code, Code), new AliasCard { CylinderId = CylinderId, Kind = AliasKind.Code });
        Put(CardKey.Cylinder(CylinderId), new CylinderCard { Cylinder = Cylinder });
    }

    public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);

    public List<Event> Ledger { get; } = [];

    public static Date Day(int year, int month, int day) => new() { Year = year, Month = month, Day = day };

    public Station Station { get; } = new()
    {
        StationId = "S1", UnitId = "U1", Region = "320102", LicenceNumber = "TS1", LicensedGases = { "LPG" }, LicenceEndsOn = Day(2028, 5, 16), Status = StationStatus.Active,
    };

    public Terminal Terminal { get; } = new()
    {
        TerminalId = "T1", StationId = "S1", Gas = "LPG", Guns = { new Gun { GunId = "G1", CalibrationEndsOn = Day(2027, 6, 1) }, new Gun { GunId = "G2" } },
    };

    public Operator Operator { get; } = new()
    {
        OperatorId = "P1", StationIds = { "S1" }, CertificateNumber = "TS6P1", CertificateItems = { "P" }, CertificateEndsOn = Day(2028, 10, 23),
    };

    public GasBatch GasBatch { get; } = new()
    {
        GasBatchId = "B1", StationId = "S1", Gas = "LPG", CertificateNumber = "Q1", CertificateEndsOn = Day(2027, 12, 23), Status = GasBatchStatus.Released,
    };

    public Cylinder Cylinder { get; } = new()
    {
        CylinderId = CylinderId, Code = Code, Maker = "SDHL", SerialNumber = "1000000", ManufacturedOn = Day(2023, 3, 12), Model = "YSP35.5", Gas = "LPG",
        Kind = CylinderKind.Lpg2006, WaterCapacityMl = 35_500, TareG = 16_500, MaxNetMassG = 14_900,
        UseRegistration = new UseRegistration { UnitId = "U1", CertificateNumber = "瓶30苏A00001" },
        LastInspection = new Inspection { InspectedOn = Day(2023, 3, 12), Result = InspectionResult.Passed },
        InspectionDueOn = Day(2027, 3, 12), ServiceLifeEndsOn = Day(2031, 3, 12),
        Aliases = { new Alias { Kind = AliasKind.Code, Value = Code } },
    };

    public ScanRequest Request { get; } = NewScan();

    public CylinderCard CylinderCard => (CylinderCard)cards[CardKey.Cylinder(CylinderId)].State!;

    public static ScanRequest NewScan(string gun = "G1", string scanned = Code)
    {
        var request = new ScanRequest { RequestId = Guid.NewGuid().ToString("D"), TerminalId = "T1", GunId = gun, OperatorId = "P1", GasBatchId = "B1", Scanned = scanned };
        request.Checks.Add(System.Enum.GetValues<PrefillItem>().Where(item => item != PrefillItem.Unspecified).Select(item => new PrefillCheck { Item = item, Outcome = CheckOutcome.Passed }));
        return request;
    }

    public void Put(CardKey key, IMessage state) => cards[key] = new Card(key, cards.TryGetValue(key, out var before) ? before.Version + 1 : 1, state);

    /// <summary>Every card there is.</summary>
    public IReadOnlyList<CardKey> Keys => [.. cards.Keys];

    /// <summary>As a cache may see it that is behind.</summary>
    public void Forget(IEnumerable<CardKey> keys) => keys.ToList().ForEach(key => cards.Remove(key));

    public void Limit(string name, long value)
    {
        var limits = cards.TryGetValue(CardKey.Limits, out var before) ? ((LimitsCard)before.State!).Clone() : new LimitsCard();
        limits.Limits.Add(new Limit { Name = name, Value = value, Source = "test", ValidFrom = Day(2020, 1, 1) });
        Put(CardKey.Limits, limits);
    }

    public ScanResponse Scan(ScanRequest? request = null) => Do(new ScanCommand(request ?? Request, CodeFormat.Default));

    public IReadOnlyList<string> Refusals(ScanRequest? request = null) => [.. Scan(request).Refusal?.Findings.Select(finding => finding.Code) ?? []];

    public CompleteFillResponse Complete(FillReport report) => Do(new CompleteFillCommand(new CompleteFillRequest { RequestId = Guid.NewGuid().ToString("D"), Report = report }, CodeFormat.Default));

    public BeginFillResponse Begin(string permitId, string gun = "G1") =>
        Do(new BeginFillCommand(new BeginFillRequest { RequestId = Guid.NewGuid().ToString("D"), PermitId = permitId, TerminalId = "T1", GunId = gun }));

    public AbortFillResponse Abort(string permitId) =>
        Do(new AbortFillCommand(new AbortFillRequest { RequestId = Guid.NewGuid().ToString("D"), PermitId = permitId, TerminalId = "T1", Reason = "test" }));

    public static FillReport Report(string permitId, int grossMassG = 31_000) => new() { PermitId = permitId, TerminalId = "T1", GunId = "G1", GrossMassG = grossMassG };

    /// <summary>Runs a command; a rejection becomes an exception.</summary>
    public TReply Do<TReply>(ICommand<TReply> command) => Try(command, out var reply) is { } rejection ? throw new InvalidOperationException(rejection.Reason + ": " + rejection.Message) : reply!;

    /// <summary>Runs a command; answers the rejection.</summary>
    public Rejection? Try<TReply>(ICommand<TReply> command, out TReply? reply)
    {
        reply = default;
        if (command.Validate() is { } malformed)
        {
            return malformed;
        }

        var set = Load(command);
        var decision = command.Decide(set, new Moment(Now));
        Assert.Empty(set.Wanted);
        if (decision.Rejection is { } rejection)
        {
            return rejection;
        }

        if (decision.SameAsRequestId is { } earlier)
        {
            var at = Ledger.FindLastIndex(happened => happened.RequestId == earlier);
            reply = command.Reply(Ledger[at], at);
            return null;
        }

        Ledger.AddRange(decision.Events);
        HashSet<CardKey> told = [];
        foreach (var happened in decision.Events)
        {
            Assert.True(ChangedCards.TryAddTo(told, happened));
        }

        foreach (var change in decision.Changes)
        {
            Assert.True(told.Contains(change.Key), $"other nodes are not told that '{change.Key}' has changed");
            Assert.Contains(set.Loaded, card => card.Key == change.Key);
            Put(change.Key, change.State);
        }

        reply = command.Reply(decision.Events[^1], Ledger.Count - 1);
        return null;
    }

    /// <summary>The cards that a command names, after those that it is given first, as at a second try.</summary>
    public CardSet Load<TReply>(ICommand<TReply> command, params CardKey[] first)
    {
        var set = new CardSet();
        set.Load([.. first.Select(key => cards[key])]);
        for (command.Name(set); set.Wanted.Count > 0; command.Name(set))
        {
            set.Load([.. set.Wanted.Select(key => cards.GetValueOrDefault(key) ?? new Card(key, 0, null))]);
        }

        return set;
    }

    public Timestamp At(TimeSpan offset) => Timestamp.FromDateTimeOffset(Now + offset);
}
