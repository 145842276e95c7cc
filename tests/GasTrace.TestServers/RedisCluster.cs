using System.Diagnostics;
using System.Globalization;

namespace GasTrace.TestServers;

/// <summary>Three redis-servers that share the slots of a cluster.</summary>
public sealed class RedisCluster : RespServer
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-cluster-");
    private RedisServer[] servers = [];

    /// <inheritdoc />
    public override string Configuration => string.Join(',', servers.Select(server => server.Configuration));

    /// <inheritdoc />
    public override async Task StartAsync()
    {
        var ports = servers.Length > 0 ? servers.Select(server => server.Port).ToArray() : null;
        servers = [.. Enumerable.Range(0, 3).Select(n => new RedisServer(
            ports?[n], "--cluster-enabled", "yes", "--cluster-port", FreePort().ToString(CultureInfo.InvariantCulture),
            "--cluster-config-file", Path.Combine(folder.FullName, Guid.NewGuid().ToString("N"))))];
        await Task.WhenAll(servers.Select(server => server.StartAsync()));
        using var create = Process.Start(new ProcessStartInfo(
            "redis-cli", ["--cluster", "create", .. servers.Select(server => server.Configuration), "--cluster-replicas", "0", "--cluster-yes"]) { RedirectStandardOutput = true })!;
        var said = await create.StandardOutput.ReadToEndAsync();
        await create.WaitForExitAsync();
        if (create.ExitCode != 0)
        {
            throw new InvalidOperationException("The cluster was not made: " + said);
        }
    }

    /// <inheritdoc />
    public override Task StopAsync() => Task.WhenAll(servers.Select(server => server.StopAsync()));

    /// <inheritdoc />
    public override Task FlushAsync() => Task.WhenAll(servers.Select(server => server.FlushAsync()));
}
