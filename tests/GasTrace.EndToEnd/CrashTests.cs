using GasTrace.TestServers;

namespace GasTrace.EndToEnd;

/// <summary>The real process, killed under load again and again: what was acknowledged is there.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 10;
    private const int AnswersBeforeKill = 400;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-crash-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Ten_kills_under_load_lose_nothing_that_was_acknowledged()
    {
        IReadOnlyList<string> codes;
        using (var founding = await ToolProcess.ServeAsync("--data", folder.FullName))
        {
            codes = await FillingSite.RegisterAsync(founding);
            await founding.KillAsync();
        }

        await using var proxy = new CuttingProxy();
        await using var load = new GunLoad(proxy.Address, codes);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Every other process flushes cards all the time, so that it is killed in the middle of that too.
            using var server = await ToolProcess.ServeAsync("--data", folder.FullName, "--unflushed-kib", kill % 2 == 0 ? "32" : "81920");
            proxy.Server = server.Address;
            await load.WaitAsync(AnswersBeforeKill);
            await server.KillAsync();
        }

        await load.StopAsync();
        using var audited = await ToolProcess.ServeAsync("--data", folder.FullName);
        await LedgerAudit.CheckAsync(audited, load);
        Assert.Null(load.History.FindBroken());
        Assert.True(load.Fills.Count > Kills * 50, $"only {load.Fills.Count} fills were acknowledged: this was no load");
    }
}
