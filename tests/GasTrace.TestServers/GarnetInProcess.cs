using System.Globalization;
using Garnet;

namespace GasTrace.TestServers;

/// <summary>Garnet in this process. Its scripts are atomic only when it is told to make transactions of them.</summary>
public sealed class GarnetInProcess : RespServer
{
    private GarnetServer? server;

    /// <inheritdoc />
    public override Task StartAsync()
    {
        server = new GarnetServer(["--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--lua", "--lua-transaction-mode", "--memory", "64m", "--index", "8m"]);
        server.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task StopAsync()
    {
        server?.Dispose();
        server = null;
        return Task.CompletedTask;
    }
}
