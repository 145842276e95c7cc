using System.Collections.Concurrent;
using GasTrace.Terminal;
using GasTrace.TestServers;
using GasTrace.V1;
using Grpc.Core;
using Date = Google.Type.Date;

namespace GasTrace.EndToEnd;

/// <summary>The real process, killed under load again and again: what was acknowledged is there.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 10;
    private const int AnswersBeforeKill = 400;
    private const int Guns = 16;
    private static readonly Date Far = new() { Year = 2099, Month = 1, Day = 1 };
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-crash-");
    private readonly ConcurrentDictionary<string, string> permits = new();
    private readonly ConcurrentDictionary<string, long> fills = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Ten_kills_under_load_lose_nothing_that_was_acknowledged()
    {
        var codes = await RegisterAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            // Every other process flushes cards all the time, so that it is killed in the middle of that too.
            using var server = await ToolProcess.ServeAsync("--data", folder.FullName, "--unflushed-cards", kill % 2 == 0 ? "64" : "196608");
            var before = permits.Count + fills.Count;
            using var channel = server.Connect();
            var filling = new FillingService.FillingServiceClient(channel);
            var guns = Enumerable.Range(0, Guns).Select(gun => FillAsync(filling, codes, gun, kill)).ToArray();
            while (permits.Count + fills.Count < before + AnswersBeforeKill)
            {
                await Task.Yield();
            }

            await server.KillAsync();
            await Task.WhenAll(guns);
        }

        await AuditAsync();
    }

    private async Task AuditAsync()
    {
        using var server = await ToolProcess.ServeAsync("--data", folder.FullName);
        using var channel = server.Connect();
        var follower = new LedgerFollower(new SupervisionService.SupervisionServiceClient(channel), new SubscribeRequest(), TimeProvider.System);
        List<LedgerEntry> ledger = [];
        await follower.RunAsync(
            response =>
            {
                ledger.AddRange(response.Batch?.Entries ?? []);
                return ValueTask.FromResult(response.CaughtUp is null);
            },
            default);
        Assert.Equal(Enumerable.Range(0, ledger.Count).Select(n => (long)n), ledger.Select(entry => entry.Position));
        var issued = ledger.Where(entry => entry.Event.PermitIssued is not null).ToDictionary(entry => entry.Event.RequestId, entry => entry.Event.PermitIssued.Terms.PermitId);
        Assert.All(permits, permit => Assert.Equal(permit.Value, issued[permit.Key]));
        Assert.All(fills, fill => Assert.Equal(fill.Key, ledger[(int)fill.Value].Event.FillCompleted.Report.PermitId));
        AssertBooks(ledger);
        Assert.True(fills.Count > Kills * 50, $"only {fills.Count} fills were acknowledged: this was no load");
    }

    private static void AssertBooks(IEnumerable<LedgerEntry> ledger)
    {
        HashSet<string> open = [];
        HashSet<string> busy = [];
        foreach (var happened in ledger.Select(entry => entry.Event))
        {
            if (happened.PermitIssued is { } issued)
            {
                Assert.True(open.Add(issued.Terms.PermitId));
                Assert.True(busy.Add(happened.Subject), "two permits are open on one cylinder");
            }
            else if (happened.FillCompleted is { ConsumesPermit: true } filled)
            {
                Assert.True(open.Remove(filled.Report.PermitId), "a permit was used twice");
                busy.Remove(happened.Subject);
            }
            else if (happened.PermitExpired is { } expired)
            {
                Assert.True(open.Remove(expired.PermitId));
                busy.Remove(happened.Subject);
            }
        }
    }

    // Each gun goes on until its server is gone.
    private async Task FillAsync(FillingService.FillingServiceClient filling, IReadOnlyList<string> codes, int gun, int round)
    {
        var random = new Random((round * Guns) + gun);
        try
        {
            while (true)
            {
                var scan = new ScanRequest
                {
                    RequestId = Guid.CreateVersion7().ToString("D"), TerminalId = "T1", GunId = $"G{gun}", OperatorId = "P1", GasBatchId = "B1", Scanned = codes[random.Next(codes.Count)],
                };
                scan.Checks.Add(Enum.GetValues<PrefillItem>().Skip(1).Select(item => new PrefillCheck { Item = item, Outcome = CheckOutcome.Passed }));
                if ((await filling.ScanAsync(scan)).Permit is not { } permit)
                {
                    continue;
                }

                permits[scan.RequestId] = permit.Terms.PermitId;
                var report = new FillReport { PermitId = permit.Terms.PermitId, TerminalId = "T1", GunId = $"G{gun}", GrossMassG = 20_000 };
                var completed = await filling.CompleteFillAsync(new CompleteFillRequest { RequestId = Guid.CreateVersion7().ToString("D"), Report = report });
                fills[permit.Terms.PermitId] = completed.Position;
            }
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled)
        {
            // The server is gone.
        }
    }

    private async Task<IReadOnlyList<string>> RegisterAsync()
    {
        using var server = await ToolProcess.ServeAsync("--data", folder.FullName);
        using var channel = server.Connect();
        var registry = new RegistryService.RegistryServiceClient(channel);
        string Id() => Guid.CreateVersion7().ToString("D");
        await registry.PutStationAsync(new PutStationRequest
        {
            RequestId = Id(), ActorId = "A1", Station = new Station { StationId = "S1", UnitId = "U1", Region = "320102", LicenceNumber = "L", LicenceEndsOn = Far, LicensedGases = { "LPG" } },
        });
        await registry.PutTerminalAsync(new PutTerminalRequest
        {
            RequestId = Id(), ActorId = "A1",
            Terminal = new V1.Terminal { TerminalId = "T1", StationId = "S1", Gas = "LPG", Guns = { Enumerable.Range(0, Guns).Select(gun => new Gun { GunId = $"G{gun}" }) } },
        });
        await registry.PutOperatorAsync(new PutOperatorRequest
        {
            RequestId = Id(), ActorId = "A1", Operator = new Operator { OperatorId = "P1", StationIds = { "S1" }, CertificateItems = { "P" }, CertificateEndsOn = Far },
        });
        await registry.PutGasBatchAsync(new PutGasBatchRequest
        {
            RequestId = Id(), ActorId = "A1", GasBatch = new GasBatch { GasBatchId = "B1", StationId = "S1", Gas = "LPG", CertificateNumber = "Q", CertificateEndsOn = Far, Status = GasBatchStatus.Released },
        });
        var codes = await Task.WhenAll(Enumerable.Range(0, 400).Select(async n => (await registry.RegisterCylinderAsync(new RegisterCylinderRequest
        {
            RequestId = Id(), ActorId = "A1",
            Cylinder = new CylinderRegistration
            {
                IssueRegion = "320102", Maker = "SDHL", SerialNumber = $"{n}", ManufacturedOn = new Date { Year = 2024, Month = 1, Day = 1 }, Model = "YSP35.5", Gas = "LPG",
                WaterCapacityMl = 35_500, TareG = 16_500, InspectionDueOn = Far, ServiceLifeEndsOn = Far, UseRegistration = new UseRegistration { UnitId = "U1", CertificateNumber = "X" },
            },
        })).Code));
        await server.KillAsync();
        return codes;
    }
}
