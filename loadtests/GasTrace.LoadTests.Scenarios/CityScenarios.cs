using GasTrace.V1;
using Grpc.Core;
using Grpc.Health.V1;

namespace GasTrace.LoadTests.Scenarios;

/// <summary>The scenarios that callers run, each a plain asynchronous function over the contract, and what was answered.</summary>
/// <param name="city">What they run over.</param>
/// <param name="callers">How they reach the service.</param>
public sealed class CityScenarios(City city, Callers callers)
{
    private const double RefusedShare = 0.2;
    private const double ReadShare = 0.2;
    private const double WriteShare = ReadShare / 10;
    private const int GivenUpTogether = 512;
    private readonly Requests requests = new(city);
    private readonly OpenPermits open = new();
    private long permits;
    private long refusals;

    /// <summary>Permits that were answered.</summary>
    public long Permits => Interlocked.Read(ref permits);

    /// <summary>Refusals that were answered.</summary>
    public long Refusals => Interlocked.Read(ref refusals);

    /// <summary>The standard health check: what the machine, the transport and the client cost without the service.</summary>
    public LoadScenario Health => new("health check", "calls", async (meter, caller, cancellationToken) =>
    {
        await meter.CallAsync("check", () => callers.Health(caller).CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken).ResponseAsync);
        return 1;
    });

    /// <summary>Scans of random sound cylinders, each answered after its commit.</summary>
    public LoadScenario Scan => new("scan", "calls", async (meter, caller, cancellationToken) =>
    {
        LeaveOpen(caller, await ScanAsync(meter, caller, requests.Sound(), cancellationToken));
        return 1;
    });

    /// <summary>
    /// Scans of random sound cylinders whose permits are given up at once, each a call: what a scan that permits costs in a city of any size.
    /// Of a small one soon every cylinder has a permit that mere scans left open.
    /// </summary>
    public LoadScenario GivenUpScan => new("given-up scan", "scans", async (meter, caller, cancellationToken) =>
    {
        var response = await ScanAsync(meter, caller, requests.Sound(), cancellationToken);
        if (response.Permit is { } permit)
        {
            await meter.CallAsync("abort", () => callers.Filling(caller).AbortFillAsync(requests.GiveUp(caller, permit.Terms.PermitId), cancellationToken: cancellationToken).ResponseAsync);
        }

        return 1;
    });

    /// <summary>Scan, begin, complete, each a call.</summary>
    public LoadScenario Cycle => new("cycle", "entries", async (meter, caller, cancellationToken) =>
    {
        var response = await ScanAsync(meter, caller, requests.Sound(), cancellationToken);
        if (response.Permit is not { } permit)
        {
            return 1;
        }

        await meter.CallAsync("begin", () => callers.Filling(caller).BeginFillAsync(Requests.Begin(permit.Terms), cancellationToken: cancellationToken).ResponseAsync);
        await meter.CallAsync("complete", () => callers.Filling(caller).CompleteFillAsync(Requests.Complete(permit.Terms), cancellationToken: cancellationToken).ResponseAsync);
        return 3;
    });

    /// <summary>Scans over the stations' streams.</summary>
    public LoadScenario StationScan => new("station scan", "scans", async (meter, caller, cancellationToken) =>
    {
        LeaveOpen(caller, await StationScanAsync(meter, caller, requests.Scan(caller, requests.Sound()), cancellationToken));
        return 1;
    });

    /// <summary>Scan, begin, complete over the stations' streams.</summary>
    public LoadScenario Station => new("station", "entries", (meter, caller, cancellationToken) => CarouselAsync(meter, caller, requests.Sound(), cancellationToken));

    /// <summary>
    /// A believable city: carousels with one scan in five refused, people who look at a cylinder, and a registrar who changes one
    /// for every ten that are looked at.
    /// </summary>
    public LoadScenario Mixed => new("mixed", "operations", async (meter, caller, cancellationToken) =>
    {
        var chance = Random.Shared.NextDouble();
        if (chance < WriteShare)
        {
            await meter.CallAsync("change", () => callers.Registry.RecordWhereaboutsAsync(requests.Whereabouts(), cancellationToken: cancellationToken).ResponseAsync);
        }
        else if (chance < WriteShare + ReadShare)
        {
            await meter.CallAsync("show", () => callers.Registry.GetCylinderAsync(requests.Show(), cancellationToken: cancellationToken).ResponseAsync);
        }
        else
        {
            await CarouselAsync(meter, caller, Random.Shared.NextDouble() < RefusedShare ? requests.Overdue() : requests.Sound(), cancellationToken);
        }

        return 1;
    });

    /// <summary>What was recorded of a random cylinder, from its registration on.</summary>
    public LoadScenario History => new("history", "pages", async (meter, _, cancellationToken) =>
    {
        await meter.CallAsync("history", () => callers.Registry.GetHistoryAsync(requests.History(), cancellationToken: cancellationToken).ResponseAsync);
        return 1;
    });

    /// <summary>What was recorded last of a station.</summary>
    public LoadScenario Search => new("search", "pages", async (meter, caller, cancellationToken) =>
    {
        await meter.CallAsync("search", () => callers.Supervision.SearchAsync(requests.Search(caller), cancellationToken: cancellationToken).ResponseAsync);
        return 1;
    });

    /// <summary>One of the oldest entries, of which the register was made.</summary>
    public LoadScenario Entry => new("entry", "entries", async (meter, _, cancellationToken) =>
    {
        await meter.CallAsync("entry", () => callers.Supervision.GetEntryAsync(requests.Entry(), cancellationToken: cancellationToken).ResponseAsync);
        return 1;
    });

    /// <summary>Every scenario that a caller can run, by name.</summary>
    public IReadOnlyList<LoadScenario> All => [Health, Scan, GivenUpScan, Cycle, StationScan, Station, Mixed, History, Search, Entry];

    /// <summary>One scan of a cylinder at a caller's gun.</summary>
    public async Task<ScanResponse> ScanAsync(ICallMeter meter, int caller, int cylinder, CancellationToken cancellationToken) =>
        Count(await meter.CallAsync("scan", () => callers.Filling(caller).ScanAsync(requests.Scan(caller, cylinder), cancellationToken: cancellationToken).ResponseAsync));

    /// <summary>Takes note of an answer that was had by other means.</summary>
    public ScanResponse Count(ScanResponse response)
    {
        Interlocked.Increment(ref response.Permit is null ? ref refusals : ref permits);
        return response;
    }

    /// <summary>
    /// Gives up the permits that mere scans left open. Otherwise, with each loop, more of the city would be refused, and refusals
    /// measured instead of permits.
    /// </summary>
    public Task GiveUpAsync(CancellationToken cancellationToken) => Parallel.ForEachAsync(
        open.Take(),
        new ParallelOptions { MaxDegreeOfParallelism = GivenUpTogether, CancellationToken = cancellationToken },
        async (permit, cancelled) => await GiveUpAsync(permit.Caller, permit.PermitId, cancelled));

    private async Task GiveUpAsync(int caller, string permitId, CancellationToken cancellationToken)
    {
        try
        {
            await callers.Station(caller).AbortAsync(requests.GiveUp(caller, permitId), cancellationToken);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition)
        {
            // A loop that is longer than a permit's life: it has expired.
        }
    }

    private void LeaveOpen(int caller, ScanResponse response)
    {
        if (response.Permit is { } permit)
        {
            open.Add(caller, permit.Terms.PermitId);
        }
    }

    private async Task<int> CarouselAsync(ICallMeter meter, int caller, int cylinder, CancellationToken cancellationToken)
    {
        var response = await StationScanAsync(meter, caller, requests.Scan(caller, cylinder), cancellationToken);
        if (response.Permit is not { } permit)
        {
            return 1;
        }

        await meter.CallAsync("begin", () => callers.Station(caller).BeginAsync(Requests.Begin(permit.Terms), cancellationToken));
        await meter.CallAsync("complete", () => callers.Station(caller).CompleteAsync(Requests.Complete(permit.Terms), cancellationToken));
        return 3;
    }

    private async Task<ScanResponse> StationScanAsync(ICallMeter meter, int caller, ScanRequest request, CancellationToken cancellationToken) =>
        Count(await meter.CallAsync("scan", () => callers.Station(caller).ScanAsync(request, cancellationToken)));
}
