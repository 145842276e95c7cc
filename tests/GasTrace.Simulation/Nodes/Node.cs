using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Server.Errors;
using GasTrace.Server.Filling;
using GasTrace.Server.Hosting;
using GasTrace.Server.Registry;
using GasTrace.Server.Supervision;
using GasTrace.Simulation.Clockwork;
using GasTrace.Simulation.Network;
using GasTrace.Simulation.Stores;
using GasTrace.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Simulation.Nodes;

/// <summary>A node as it is shipped, wired by the service's own wiring; only its host, its clock and its lines are simulated.</summary>
internal sealed class Node : IEndpoint
{
    private static readonly TimeSpan StartRetry = TimeSpan.FromSeconds(1);
    private readonly Scheduler scheduler;
    private readonly Database database;
    private readonly SharedCache cache;
    private readonly Network.Network network;
    private readonly GasTraceOptions options;
    private readonly Action<string> broken;
    private VirtualClock clock;

    public Node(string name, Scheduler scheduler, Database database, SharedCache cache, Network.Network network, GasTraceOptions options, Action<string> broken)
    {
        (this.scheduler, this.database, this.cache, this.network, this.broken) = (scheduler, database, cache, network, broken);
        this.options = options with { NodeName = name };
        Process = new Process(scheduler, name);
        clock = new VirtualClock(Process);
    }

    public Process Process { get; private set; }

    public ServedMethods? Methods { get; private set; }

    public HashSet<Call> Calls { get; } = [];

    /// <summary>Its line to the database.</summary>
    public Line StoreLine { get; } = new();

    /// <summary>Its line to the shared cache.</summary>
    public Line CacheLine { get; } = new();

    /// <summary>How far its clock is off.</summary>
    public TimeSpan Skew
    {
        get => clock.Skew;
        set => clock.Skew = value;
    }

    /// <summary>Starts it, or starts it again; it serves as soon as the database lets it.</summary>
    public void Start()
    {
        var skew = clock.Skew;
        Process = new Process(scheduler, options.NodeName);

        // Watches run up to two in a hundred too fast or slow.
        clock = new VirtualClock(Process, 0.98 + (0.04 * scheduler.Random.Share())) { Skew = skew };
        Process.Post(() => _ = StartAsync(Process));
    }

    /// <summary>Kills it: what it had in memory is gone, what it had sent is under way.</summary>
    public void Kill()
    {
        Process.Kill();
        Methods = null;
        foreach (var call in Calls.ToArray())
        {
            network.Wire.After(network.Delay(), () => call.End(Call.Unavailable("connection reset")));
        }

        Calls.Clear();
    }

    private async Task StartAsync(Process life)
    {
        var stores = new NodeStores(new LedgerLine(database, StoreLine), new ProjectionLine(database, StoreLine), IsShared: true, Redis: null);
        while (true)
        {
            try
            {
                await Projector.CheckAsync(stores.Projections, stores.Ledger, default);
                Serve(stores, new LedgerTail(await stores.Ledger.GetHeadAsync(default)), life);
                return;
            }
            catch (StoreUnavailableException)
            {
                // A process manager would start it again.
                await Task.Delay(StartRetry, clock);
            }
        }
    }

    private void Serve(NodeStores stores, LedgerTail tail, Process life)
    {
        var timed = options with { Time = clock };
        var (cards, signal) = cache.For(life, CacheLine);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IHostApplicationLifetime, NeverEnding>();
        services.AddSingleton(cards).AddSingleton(signal);
        services.AddFace(timed, hasSharedCards: false).AddCore(timed, stores, tail).AddWork(timed, stores);
        Plant(services, stores, tail);
        var provider = services.BuildServiceProvider();
        var methods = new ServedMethods(provider.GetRequiredService<ErrorInterceptor>());
        FillingService.BindService(methods, provider.GetRequiredService<FillingGrpcService>());
        RegistryService.BindService(methods, provider.GetRequiredService<RegistryGrpcService>());
        SupervisionBinding.Bind(methods, provider.GetRequiredService<SupervisionGrpcService>());
        foreach (var worker in provider.GetServices<IHostedService>().OfType<NodeWorker>())
        {
            _ = WorkAsync(worker);
        }

        Methods = methods;
    }

    private async Task WorkAsync(NodeWorker worker)
    {
        try
        {
            await worker.RunAsync(default);
        }
#pragma warning disable CA1031 // Whatever stops a node by itself is a broken promise here: nobody restores backups in a simulation.
        catch (Exception error)
#pragma warning restore CA1031
        {
            broken($"A worker of {options.NodeName} stopped: {error}");
        }
    }

    private void Plant(IServiceCollection services, NodeStores stores, LedgerTail tail)
    {
        switch (database.Fault)
        {
            case SimulatedFault.DropsAtTheSwitch:
                services.AddSingleton<LedgerReader>(new LeakyReader(stores.Ledger, tail));
                break;
            case SimulatedFault.ExpiresEarly:
                var ahead = new VirtualClock(Process) { Skew = TimeSpan.FromSeconds(20) };
                services.AddSingleton(provider => new PermitSweeper(
                    stores.Projections,
                    new CommandRunner(stores.Ledger, provider.GetRequiredService<CardCache>(), provider.GetRequiredService<Ledger.Writing.LedgerWriter>(), ahead),
                    ahead, options.SweepInterval, NullLogger<PermitSweeper>.Instance));
                break;
            default:
                break;
        }
    }

    /// <summary>Planted: forgets an entry where a page of the store ends and the tail begins.</summary>
    private sealed class LeakyReader(ILedgerStore store, LedgerTail tail) : LedgerReader(store, tail)
    {
        private long pageEnd = -1;

        public override async ValueTask<(IReadOnlyList<LedgerEntry> Entries, bool Live)> ReadAsync(long from, int limit, CancellationToken cancellationToken)
        {
            var read = await base.ReadAsync(from, limit, cancellationToken);
            pageEnd = read.Live || read.Entries.Count == 0 ? pageEnd : read.Entries[^1].Position + 1;
            return read;
        }

        public override IReadOnlyList<LedgerEntry>? TryReadLive(long from, int limit)
        {
            var live = base.TryReadLive(from, limit);
            return live is { Count: > 1 } && from == pageEnd ? [.. live.Skip(1)] : live;
        }
    }

    private sealed class NeverEnding : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
