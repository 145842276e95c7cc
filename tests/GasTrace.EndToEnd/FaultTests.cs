using System.Globalization;
using GasTrace.TestServers;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.EndToEnd;

/// <summary>
/// The real process under load, in a machine that fails: stopped, out of disk, with a clock that jumps, without its Redis, on
/// lines that break. What the clients saw has an order in which no cylinder has two permits, and the ledger says what they saw.
/// </summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const string Faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-fault-");
    private readonly CuttingProxy proxy = new();
    private IReadOnlyList<string> codes = [];

    public static bool HasFaketime => File.Exists(Faketime);

    public async ValueTask InitializeAsync()
    {
        using var server = await ServeAsync();
        codes = await FillingSite.RegisterAsync(server);
        await server.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Stopped_for_ten_seconds_it_goes_on()
    {
        using var server = await ServeAsync();
        await using var load = new GunLoad(proxy.Address, codes);
        await load.WaitAsync(400);
        server.Freeze();

        // Long enough for every client to have given up on what it had asked, several times over.
        await Task.Delay(TimeSpan.FromSeconds(10));
        server.Resume();
        await load.WaitAsync(400);
        Assert.True(load.Failed > 0, "nobody noticed");
        await AuditAsync(server, load);
    }

    [Fact]
    public async Task Connections_that_are_cut_again_and_again_cost_no_answer()
    {
        using var server = await ServeAsync();
        await using var load = new GunLoad(proxy.Address, codes);
        for (var cut = 0; cut < 30; cut++)
        {
            await load.WaitAsync(60);
            proxy.Cut();
        }

        await load.WaitAsync(60);
        Assert.True(load.Failed > 0, "nobody noticed");
        await AuditAsync(server, load);
    }

    [Fact]
    public async Task Out_of_disk_it_says_so_and_loses_nothing()
    {
        // A limit on the size of files, a little above what there is; what would go beyond fails as on a full disk.
        var blocks = (folder.EnumerateFiles("*", SearchOption.AllDirectories).Max(file => file.Length) / 1_024) + 700;
        string[] limited = ["env", "DOTNET_EnableWriteXorExecute=0", "bash", "-c", string.Create(CultureInfo.InvariantCulture, $"trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "bash"];
        await using var load = new GunLoad(proxy.Address, codes);
        using (var full = await ToolProcess.ServeUnderAsync(limited, "--data", folder.FullName))
        {
            proxy.Server = full.Address;
            Assert.Equal("UNAVAILABLE", await RegisterUntilRefusedAsync(full));
            await full.KillAsync();
        }

        var before = load.Answered;
        using var server = await ServeAsync();
        await load.WaitAsync(400);
        Assert.True(before > 0, "nothing was answered before the disk was full");
        await AuditAsync(server, load);
    }

    [Fact(Skip = "faketime is not installed (apt-get install faketime)", SkipUnless = nameof(HasFaketime))]
    public async Task A_clock_that_jumps_gives_no_permit_twice()
    {
        var offset = Path.Combine(folder.FullName, "clock");
        string[] faked = ["env", $"LD_PRELOAD={Faketime}", $"FAKETIME_TIMESTAMP_FILE={offset}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"];
        await File.WriteAllTextAsync(offset, "+0");
        using var server = await ToolProcess.ServeUnderAsync(faked, "--data", folder.FullName);
        proxy.Server = server.Address;
        await using var load = new GunLoad(proxy.Address, codes);
        foreach (var jump in (string[])["+3h", "+1h", "+26h", "-2h", "+0"])
        {
            await load.WaitAsync(200);
            await File.WriteAllTextAsync(offset, jump);
        }

        await load.WaitAsync(200);
        await load.StopAsync();
        var ledger = await LedgerAudit.ReadAsync(server);
        Assert.True(ledger.Max(entry => entry.Event.RecordedAt.Seconds) - ledger.Min(entry => entry.Event.RecordedAt.Seconds) > 86_400, "the clock did not jump");

        // Permits may expire when the clock leaps ahead, so only the ledger tells what was allowed.
        await LedgerAudit.CheckAsync(server, load);
    }

    [Fact]
    public async Task Without_its_redis_and_with_it_again_it_answers_the_same()
    {
        await using var redis = await RespServer.StartAnyAsync();
        using var server = await ToolProcess.ServeAsync(
            "--data", folder.FullName, "--set", "Cards:Kind=Redis", "--set", $"Cards:Redis:Configuration={redis.Configuration}");
        proxy.Server = server.Address;
        await using var load = new GunLoad(proxy.Address, codes);
        for (var round = 0; round < 4; round++)
        {
            await load.WaitAsync(200);
            await redis.StopAsync();
            await load.WaitAsync(200);
            await redis.StartAsync();
        }

        await load.WaitAsync(200);
        await AuditAsync(server, load);
    }

    private async Task<ToolProcess> ServeAsync()
    {
        var server = await ToolProcess.ServeAsync("--data", folder.FullName);
        proxy.Server = server.Address;
        return server;
    }

    private static async Task AuditAsync(ToolProcess server, GunLoad load)
    {
        await load.StopAsync();
        await LedgerAudit.CheckAsync(server, load);
        Assert.Null(load.History.FindBroken());
    }

    // Beside the guns, so that the disk fills even when their cylinders are all used.
    private static async Task<string> RegisterUntilRefusedAsync(ToolProcess server)
    {
        using var channel = server.Connect();
        var registry = new RegistryService.RegistryServiceClient(channel);
        try
        {
            while (true)
            {
                await registry.PutStationAsync(new PutStationRequest
                {
                    RequestId = FillingSite.NewId(), ActorId = "A1",
                    Station = new Station { StationId = "S2", Name = new string('n', 200), UnitId = "U1", Region = "320102", LicenceEndsOn = new Google.Type.Date { Year = 2099, Month = 1, Day = 1 } },
                });
            }
        }
        catch (RpcException error)
        {
            return error.StatusCode.ToString().ToUpperInvariant();
        }
    }
}
