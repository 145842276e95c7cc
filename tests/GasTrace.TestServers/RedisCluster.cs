using System.Diagnostics;
using System.Globalization;

namespace GasTrace.TestServers;

/// <summary>Three redis-servers that share the slots of a cluster.</summary>
public sealed class RedisCluster : RespServer
{
    private const int Servers = 3;
    private const int Attempts = 5;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-cluster-");
    private RedisServer[] servers = [];

    /// <inheritdoc />
    public override string Configuration => string.Join(',', servers.Select(server => server.Configuration));

    /// <inheritdoc />
    public override async Task StartAsync()
    {
        // The same ports again after a stop. Six free ports for the first time may be taken before all are in use: then others.
        int?[] ports = servers.Length > 0 ? [.. servers.Select(server => server.Port)] : new int?[Servers];
        for (var attempt = 1; ; attempt++)
        {
            servers = [.. ports.Select(NewServer)];
            try
            {
                await Task.WhenAll(servers.Select(server => server.StartAsync()));
                await JoinAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                await StopAsync();
            }
            catch
            {
                await StopAsync();
                throw;
            }
        }
    }

    /// <inheritdoc />
    public override Task StopAsync() => Task.WhenAll(servers.Select(server => server.StopAsync()));

    /// <inheritdoc />
    public override Task FlushAsync() => Task.WhenAll(servers.Select(server => server.FlushAsync()));

    private RedisServer NewServer(int? port) => new(
        port, "--cluster-enabled", "yes", "--cluster-port", FreePort().ToString(CultureInfo.InvariantCulture),
        "--cluster-config-file", Path.Combine(folder.FullName, Guid.NewGuid().ToString("N")));

    private async Task JoinAsync()
    {
        await AskAsync(["--cluster", "create", .. servers.Select(server => server.Configuration), "--cluster-replicas", "0", "--cluster-yes"]);

        // Made is not up: for a moment more each of them may refuse every command.
        foreach (var server in servers)
        {
            while (!(await AskAsync(["-p", server.Port.ToString(CultureInfo.InvariantCulture), "cluster", "info"])).Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<string> AskAsync(IEnumerable<string> question)
    {
        using var asking = Process.Start(new ProcessStartInfo("redis-cli", question) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaint = asking.StandardError.ReadToEndAsync();
        var said = await asking.StandardOutput.ReadToEndAsync();
        await asking.WaitForExitAsync();
        return asking.ExitCode == 0 ? said : throw new InvalidOperationException($"The cluster was not made: {said} {await complaint}");
    }
}
