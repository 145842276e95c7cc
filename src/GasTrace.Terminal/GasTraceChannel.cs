using System.Net.Sockets;
using Grpc.Net.Client;

namespace GasTrace.Terminal;

/// <summary>
/// How clients connect to GasTrace: a channel for terminals that stay for months, over networks that drop connections without a
/// word, to servers that restart. The plain channel of the library is not enough: when a server had been killed again and again,
/// its connection manager was seen to wait for ever for a connection that nobody made, past the deadline of every call.
/// </summary>
public static class GasTraceChannel
{
    // More than the server sends in one message: a batch of entries is a megabyte at most, a page of found ones a few.
    private const int MessageBytesMax = 16 * 1024 * 1024;
    private const int StreamWindowBytes = 2 * 1024 * 1024;
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    // Beside a station's silent stream, or between two heartbeats, a dead connection is noticed after 30 seconds at most.
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PongWithin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Opens a channel; dispose it to close its connections. Nothing is connected yet: a call connects, and connects again after
    /// the connection was lost, for as long as its own deadline lets it.
    /// </summary>
    /// <param name="address">The server, an <c>http</c> or <c>https</c> URL: <c>http://127.0.0.1:5080</c>.</param>
    /// <exception cref="InvalidOperationException">A URL of another kind.</exception>
    public static GrpcChannel Open(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = MessageBytesMax,
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            // With a callback the handler's pool connects, call by call, in place of the channel's connection manager.
            ConnectCallback = ConnectAsync,
            ConnectTimeout = ConnectWithin,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            KeepAlivePingDelay = PingAfter,
            KeepAlivePingTimeout = PongWithin,
        },
    });

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
