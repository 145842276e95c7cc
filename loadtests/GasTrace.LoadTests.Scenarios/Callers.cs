using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace GasTrace.LoadTests.Scenarios;

/// <summary>Connections and clients that callers share, and a stream for each station.</summary>
public sealed class Callers : IAsyncDisposable
{
    // One connection carries about a hundred callers; on a few cores more connections only cost.
    private const int Channels = 4;
    private readonly GrpcChannel[] channels;
    private readonly FillingService.FillingServiceClient[] filling;
    private readonly Health.HealthClient[] health;
    private readonly Lazy<StationLink[]> links;

    /// <param name="addresses">The nodes; callers are spread over them.</param>
    /// <param name="stations">Stations that keep a stream.</param>
    public Callers(IReadOnlyList<string> addresses, int stations)
    {
        channels = [.. Enumerable.Range(0, Channels).Select(n => Connect(addresses[n % addresses.Count]))];
        health = [.. channels.Select(channel => new Health.HealthClient(channel))];
        filling = [.. channels.Select(channel => new FillingService.FillingServiceClient(channel))];
        links = new Lazy<StationLink[]>(() => [.. Enumerable.Range(0, stations).Select(station => new StationLink(filling[station % Channels], _ => { }))]);
        Supervision = new SupervisionService.SupervisionServiceClient(channels[0]);
        Registry = new RegistryService.RegistryServiceClient(channels[^1]);
    }

    /// <summary>For those who supervise.</summary>
    public SupervisionService.SupervisionServiceClient Supervision { get; }

    /// <summary>For registrars.</summary>
    public RegistryService.RegistryServiceClient Registry { get; }

    /// <summary>How many entries the ledger has.</summary>
    public async Task<long> HeadAsync(CancellationToken cancellationToken)
    {
        long head = 0;
        await new LedgerFollower(Supervision, new SubscribeRequest { Edge = Edge.Head }, TimeProvider.System).RunAsync(
            response =>
            {
                head = response.Started?.Head ?? head;
                return ValueTask.FromResult(response.Started is null);
            },
            cancellationToken);
        return head;
    }

    /// <summary>A connection of its own.</summary>
    public static GrpcChannel Connect(string address) =>
        GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false }, DisposeHttpClient = true });

    /// <summary>A caller's client for filling.</summary>
    public FillingService.FillingServiceClient Filling(int caller) => filling[caller % Channels];

    /// <summary>A caller's client for the health check.</summary>
    public Health.HealthClient Health(int caller) => health[caller % Channels];

    /// <summary>The stream of a caller's station.</summary>
    public StationLink Station(int caller) => links.Value[caller % links.Value.Length];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var link in links.IsValueCreated ? links.Value : [])
        {
            await link.DisposeAsync();
        }

        foreach (var channel in channels)
        {
            channel.Dispose();
        }
    }
}
