using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace GasTrace.TestServers;

/// <summary>Stands between clients and a server, and cuts their connections when it is told to, in the middle of whatever they say.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> open = new();
    private readonly Task accepting;

    /// <summary>A proxy on a port of its own.</summary>
    public CuttingProxy()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Where it leads, for instance <c>http://127.0.0.1:5080</c>; another after the server was started again.</summary>
    public string Server { get; set; } = string.Empty;

    /// <summary>Cuts every connection; new ones are let through.</summary>
    public void Cut()
    {
        foreach (var socket in open.Keys)
        {
            // At once, as when the cable is pulled: whatever is under way is lost.
            socket.Close(timeout: 0);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It was told to stop.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var behind = new TcpClient();
        var (nearSocket, farSocket) = (client.Client, behind.Client);
        open[nearSocket] = 0;
        open[farSocket] = 0;
        try
        {
            var server = new Uri(Server);
            await behind.ConnectAsync(server.Host, server.Port);
            var (near, far) = (client.GetStream(), behind.GetStream());
            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException or InvalidOperationException or UriFormatException)
        {
            // Cut, or nobody is there.
        }
        finally
        {
            open.TryRemove(nearSocket, out _);
            open.TryRemove(farSocket, out _);
            client.Dispose();
        }
    }
}
