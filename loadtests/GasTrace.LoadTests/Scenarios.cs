using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace GasTrace.LoadTests;

/// <summary>The scenarios, each a plain asynchronous function over the contract.</summary>
internal sealed class Scenarios : IAsyncDisposable
{
    // One connection carries about a hundred callers; with two cores more connections only cost.
    private const int Channels = 4;
    private readonly GrpcChannel[] channels;
    private readonly Health.HealthClient[] health;
    private readonly FillingService.FillingServiceClient[] filling;
    private readonly SupervisionService.SupervisionServiceClient supervision;
    private readonly StationLink[] links;
    private readonly Requests requests;
    private long permits;
    private long refusals;

    /// <param name="addresses">The nodes; callers are spread over them.</param>
    /// <param name="register">What is registered.</param>
    public Scenarios(IReadOnlyList<string> addresses, Register register)
    {
        channels = [.. Enumerable.Range(0, Channels).Select(n => GrpcChannel.ForAddress(addresses[n % addresses.Count], new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false } }))];
        health = [.. channels.Select(channel => new Health.HealthClient(channel))];
        filling = [.. channels.Select(channel => new FillingService.FillingServiceClient(channel))];
        supervision = new SupervisionService.SupervisionServiceClient(channels[0]);
        links = [.. Enumerable.Range(0, register.Stations).Select(station => new StationLink(filling[station % Channels], _ => { }))];
        requests = new Requests(register);
    }

    public long Permits => Interlocked.Read(ref permits);

    public long Refusals => Interlocked.Read(ref refusals);

    public async Task<int> HealthAsync(int caller, CancellationToken cancellationToken)
    {
        await health[caller % Channels].CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken);
        return 1;
    }

    public async Task<int> ScanAsync(int caller, CancellationToken cancellationToken)
    {
        Count(await filling[caller % Channels].ScanAsync(requests.Scan(caller), cancellationToken: cancellationToken));
        return 1;
    }

    public async Task<int> CycleAsync(int caller, CancellationToken cancellationToken)
    {
        var client = filling[caller % Channels];
        var response = await client.ScanAsync(requests.Scan(caller), cancellationToken: cancellationToken);
        Count(response);
        if (response.Permit is null)
        {
            return 1;
        }

        await client.BeginFillAsync(Requests.Begin(response.Permit.Terms), cancellationToken: cancellationToken);
        await client.CompleteFillAsync(Requests.Complete(response.Permit.Terms), cancellationToken: cancellationToken);
        return 3;
    }

    public async Task<int> StationAsync(int caller, CancellationToken cancellationToken)
    {
        var link = links[caller % links.Length];
        var response = await link.ScanAsync(requests.Scan(caller), cancellationToken);
        Count(response);
        if (response.Permit is null)
        {
            return 1;
        }

        await link.BeginAsync(Requests.Begin(response.Permit.Terms), cancellationToken);
        await link.CompleteAsync(Requests.Complete(response.Permit.Terms), cancellationToken);
        return 3;
    }

    /// <summary>How many entries the server's tables hold.</summary>
    public async Task<long> ProjectedAsync(CancellationToken cancellationToken) =>
        (await supervision.StatisticsAsync(new StatisticsRequest { StationId = "none" }, cancellationToken: cancellationToken)).CountedUpTo;

    /// <summary>Reads the whole ledger once from the first entry.</summary>
    public async Task<Measurement> FollowAsync(CancellationToken cancellationToken)
    {
        long entries = 0;
        var began = TimeProvider.System.GetTimestamp();
        var follower = new LedgerFollower(supervision, new SubscribeRequest { BatchEntriesMax = 1_000, BatchBytesMax = 1_048_576 }, TimeProvider.System);
        await follower.RunAsync(
            response =>
            {
                entries += response.Batch?.Entries.Count ?? 0;
                return ValueTask.FromResult(response.CaughtUp is null);
            },
            cancellationToken);
        return new Measurement("follow (catch-up)", "entries", entries / TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 0, 0, 0);
    }

    /// <summary>The books: what was answered is what the ledger says.</summary>
    public async Task<(long Permits, long Refusals, long Ended)> CountAsync(long from, CancellationToken cancellationToken)
    {
        long issued = 0, refused = 0, ended = 0;
        var follower = new LedgerFollower(supervision, new SubscribeRequest { NextPosition = from }, TimeProvider.System);
        await follower.RunAsync(
            response =>
            {
                foreach (var entry in response.Batch?.Entries ?? [])
                {
                    issued += entry.Event.PermitIssued is null ? 0 : 1;
                    refused += entry.Event.ScanRefused is null ? 0 : 1;
                    ended += entry.Event.FillCompleted is { ConsumesPermit: true } || entry.Event.FillAborted is not null || entry.Event.PermitExpired is not null ? 1 : 0;
                }

                return ValueTask.FromResult(response.CaughtUp is null);
            },
            cancellationToken);
        return (issued, refused, ended);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in links)
        {
            await link.DisposeAsync();
        }

        foreach (var channel in channels)
        {
            channel.Dispose();
        }
    }

    private void Count(ScanResponse response)
    {
        if (response.Permit is null)
        {
            Interlocked.Increment(ref refusals);
        }
        else
        {
            Interlocked.Increment(ref permits);
        }
    }
}
