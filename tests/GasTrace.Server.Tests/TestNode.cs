using GasTrace.Server.Hosting;
using GasTrace.Terminal;
using GasTrace.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Date = Google.Type.Date;

namespace GasTrace.Server.Tests;

/// <summary>A clock that can be moved; timers run as always.</summary>
public sealed class MovableClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + Ahead;
}

/// <summary>A node on a real port and a real SQLite file, with a station and some cylinders.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    private TestNode()
    {
    }

    public MovableClock Clock { get; } = new();

    public GasTraceNode Node { get; private set; } = null!;

    public GrpcChannel Channel { get; private set; } = null!;

    public FillingService.FillingServiceClient Filling { get; private set; } = null!;

    public RegistryService.RegistryServiceClient Registry { get; private set; } = null!;

    public SupervisionService.SupervisionServiceClient Supervision { get; private set; } = null!;

    public static Date Day(int year, int month, int day) => new() { Year = year, Month = month, Day = day };

    public static string NewId() => Guid.CreateVersion7().ToString("D");

    public static async Task<TestNode> StartAsync(Func<GasTraceOptions, GasTraceOptions>? configure = null)
    {
        var test = new TestNode();
        var options = GasTraceOptions.OnSqlite(test.folder.FullName) with { Port = 0, Time = test.Clock, SweepInterval = TimeSpan.FromMilliseconds(200) };
        test.Node = await GasTraceNode.StartAsync(configure?.Invoke(options) ?? options, default);
        test.Connect();
        await PutSiteAsync(test.Registry);
        return test;
    }

    public async Task RestartAsync()
    {
        Channel.Dispose();
        await Node.DisposeAsync();
        Node = await GasTraceNode.StartAsync(GasTraceOptions.OnSqlite(folder.FullName) with { Port = 0, Time = Clock }, default);
        Connect();
    }

    public async Task<RegisterCylinderResponse> RegisterAsync(Action<CylinderRegistration>? spoil = null) => await Registry.RegisterCylinderAsync(NewCylinder(spoil));

    public static RegisterCylinderRequest NewCylinder(Action<CylinderRegistration>? spoil = null)
    {
        var cylinder = new CylinderRegistration
        {
            IssueRegion = "320102", Maker = "SDHL", SerialNumber = NewId(), ManufacturedOn = Day(2024, 1, 1), Model = "YSP35.5", Gas = "LPG", WaterCapacityMl = 35_500,
            TareG = 16_500, UseRegistration = new UseRegistration { UnitId = "U1", CertificateNumber = "A1" },
            InspectionDueOn = Day(2099, 1, 1), ServiceLifeEndsOn = Day(2099, 1, 1),
        };
        spoil?.Invoke(cylinder);
        return new RegisterCylinderRequest { RequestId = NewId(), ActorId = "A1", Cylinder = cylinder };
    }

    public static ScanRequest NewScan(string code, string gun = "G1", string terminal = "T1")
    {
        var request = new ScanRequest { RequestId = NewId(), TerminalId = terminal, GunId = gun, OperatorId = "P1", GasBatchId = "B1", Scanned = code };
        request.Checks.Add(Enum.GetValues<PrefillItem>().Where(item => item != PrefillItem.Unspecified).Select(item => new PrefillCheck { Item = item, Outcome = CheckOutcome.Passed }));
        return request;
    }

    public static BeginFillRequest NewBegin(PermitTerms terms) => new() { RequestId = NewId(), PermitId = terms.PermitId, TerminalId = terms.TerminalId, GunId = terms.GunId };

    public static CompleteFillRequest NewComplete(PermitTerms terms, int grossMassG = 31_000) => new()
    {
        RequestId = NewId(),
        Report = new FillReport { PermitId = terms.PermitId, TerminalId = terms.TerminalId, GunId = terms.GunId, GrossMassG = grossMassG },
    };

    /// <summary>The status that a call ends with. What the service says of it, it says in both languages.</summary>
    public static async Task<(StatusCode Code, string Reason, BadRequest? Bad, bool Retry)> FailureOf(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        var status = error.GetRpcStatus();
        if (status is not null)
        {
            BeInChinese(status.GetDetail<LocalizedMessage>());
            Assert.All(status.GetDetail<BadRequest>()?.FieldViolations ?? [], violation => BeInChinese(violation.LocalizedMessage));
        }

        return (error.StatusCode, status?.GetDetail<ErrorInfo>()?.Reason ?? string.Empty, status?.GetDetail<BadRequest>(), status?.GetDetail<RetryInfo>() is not null);
    }

    private static void BeInChinese(LocalizedMessage? text)
    {
        Assert.Equal("zh-CN", text?.Locale);
        Assert.Contains(text!.Message, character => character is >= '一' and <= '鿿');
    }

    /// <summary>Waits until the tables hold the record.</summary>
    public async Task ProjectedAsync()
    {
        while (true)
        {
            var head = await HeadAsync();
            if ((await Supervision.StatisticsAsync(new StatisticsRequest())).CountedUpTo >= head)
            {
                return;
            }

            await Task.Yield();
        }
    }

    public async Task<long> HeadAsync()
    {
        using var call = Supervision.Subscribe(new SubscribeRequest { Edge = Edge.Head });
        await call.ResponseStream.MoveNext(default);
        return call.ResponseStream.Current.Started.Head;
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Node.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private void Connect()
    {
        Channel = GasTraceChannel.Open(new Uri(Node.Address));
        Filling = new FillingService.FillingServiceClient(Channel);
        Registry = new RegistryService.RegistryServiceClient(Channel);
        Supervision = new SupervisionService.SupervisionServiceClient(Channel);
    }

    /// <summary>A station with a terminal of eight guns, an operator and a gas batch.</summary>
    public static async Task PutSiteAsync(RegistryService.RegistryServiceClient registry)
    {
        var station = new Station { StationId = "S1", UnitId = "U1", Region = "320102", LicenceNumber = "TS1", LicenceEndsOn = Day(2099, 1, 1), LicensedGases = { "LPG" } };
        await registry.PutStationAsync(new PutStationRequest { RequestId = NewId(), ActorId = "A1", Station = station });
        var terminal = new V1.Terminal { TerminalId = "T1", StationId = "S1", Gas = "LPG", Guns = { Enumerable.Range(1, 8).Select(gun => new Gun { GunId = $"G{gun}" }) } };
        await registry.PutTerminalAsync(new PutTerminalRequest { RequestId = NewId(), ActorId = "A1", Terminal = terminal });
        var person = new Operator { OperatorId = "P1", StationIds = { "S1" }, CertificateItems = { "P" }, CertificateEndsOn = Day(2099, 1, 1) };
        await registry.PutOperatorAsync(new PutOperatorRequest { RequestId = NewId(), ActorId = "A1", Operator = person });
        var batch = new GasBatch { GasBatchId = "B1", StationId = "S1", Gas = "LPG", CertificateNumber = "Q1", CertificateEndsOn = Day(2099, 1, 1), Status = GasBatchStatus.Released };
        await registry.PutGasBatchAsync(new PutGasBatchRequest { RequestId = NewId(), ActorId = "A1", GasBatch = batch });
    }
}
