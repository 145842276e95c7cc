using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace GasTrace.Server.Tests.ManyNodes;

/// <summary>The clients of one node.</summary>
public class NodeClient : IAsyncDisposable
{
    private readonly GrpcChannel channel;
    private readonly Health.HealthClient health;

    public NodeClient(string address)
    {
        channel = GasTraceChannel.Open(new Uri(address));
        Filling = new FillingService.FillingServiceClient(channel);
        Registry = new RegistryService.RegistryServiceClient(channel);
        Supervision = new SupervisionService.SupervisionServiceClient(channel);
        health = new Health.HealthClient(channel);
    }

    public FillingService.FillingServiceClient Filling { get; }

    public RegistryService.RegistryServiceClient Registry { get; }

    public SupervisionService.SupervisionServiceClient Supervision { get; }

    public async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync(string service = "") => (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status;

    /// <summary>How many entries the node has heard of.</summary>
    public async Task<long> HeadAsync()
    {
        using var call = Supervision.Subscribe(new SubscribeRequest { Edge = Edge.Head });
        await call.ResponseStream.MoveNext(default);
        return call.ResponseStream.Current.Started.Head;
    }

    /// <summary>Everything on the record up to a position.</summary>
    public async Task<List<LedgerEntry>> ReadAllAsync(long upTo)
    {
        List<LedgerEntry> read = [];
        using var call = Supervision.Subscribe(new SubscribeRequest());
        while (read.Count < upTo && await call.ResponseStream.MoveNext(default))
        {
            read.AddRange(call.ResponseStream.Current.Batch?.Entries ?? []);
        }

        return read;
    }

    public virtual ValueTask DisposeAsync()
    {
        channel.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
