using System.Net;
using System.Net.Sockets;

namespace GasTrace.TestServers;

/// <summary>A server that speaks Redis' protocol on a port of its own, and can be taken away and brought back.</summary>
public abstract class RespServer(int? port = null) : IAsyncDisposable
{
    private const int FirstPort = 20_000;
    private const int FirstOfTheSystems = 32_768;

    /// <summary>Its port, the same after a restart.</summary>
    public int Port { get; } = port ?? FreePort();

    /// <summary>How to reach it.</summary>
    public virtual string Configuration => $"127.0.0.1:{Port}";

    /// <summary>The best that this machine has: a redis-server where it is installed, else Garnet in this process.</summary>
    public static async Task<RespServer> StartAnyAsync()
    {
        RespServer server = RedisServer.IsInstalled ? new RedisServer() : new GarnetInProcess();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts, empty.</summary>
    public abstract Task StartAsync();

    /// <summary>Stops; what it held is lost.</summary>
    public abstract Task StopAsync();

    /// <summary>Empties it, scripts included.</summary>
    public virtual async Task FlushAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        await using (stream)
        {
            await stream.WriteAsync("*1\r\n$8\r\nFLUSHALL\r\n*2\r\n$6\r\nSCRIPT\r\n$5\r\nFLUSH\r\n"u8.ToArray());
            var answers = new byte["+OK\r\n+OK\r\n".Length];
            await stream.ReadExactlyAsync(answers);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// A port that nobody listens on, below those that the system gives out by itself: such a one may be anybody's connection by the
    /// time the server starts, or comes back.
    /// </summary>
    protected static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(FirstPort, FirstOfTheSystems);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another.
            }
        }
    }
}
