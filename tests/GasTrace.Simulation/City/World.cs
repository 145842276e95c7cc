using GasTrace.Server.Hosting;
using GasTrace.Simulation.Checking;
using GasTrace.Simulation.Clockwork;
using GasTrace.Simulation.Nodes;
using GasTrace.Simulation.Stores;

namespace GasTrace.Simulation.City;

/// <summary>Everything that there is in a run.</summary>
internal sealed class World
{
    private const int NodeCount = 3;

    /// <summary>How long after the last fault a client may still be told to try again.</summary>
    public static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(30);

    public World(ulong seed, SimulatedFault fault, TextWriter? history)
    {
        Scheduler = new Scheduler(seed);
        History = new History(Scheduler, history);
        Network = new Network.Network(Scheduler) { Internal = fault => Break($"A client was answered INTERNAL: {fault}") };
        Database = new Database(Scheduler, fault);
        Cache = new SharedCache(Scheduler);
        Referee = new Referee(Scheduler, Database.Ledger, History, Break);
        Database.Appended = Referee.Appended;
        Plan = new CityPlan(Scheduler.Random);
        Clients = new Process(Scheduler, "clients");
        Clock = new VirtualClock(Clients);
        var options = new GasTraceOptions
        {
            MasterKey = new byte[32],
            LeaseTerm = TimeSpan.FromSeconds(6),
            SweepInterval = TimeSpan.FromSeconds(5),
            CachedCardsMax = Random.Of([64, 1_000, 5_000]),
        };
        Nodes = [.. Enumerable.Range(1, NodeCount).Select(number => new Node($"node{number}", Scheduler, Database, Cache, Network, options, Break))];
    }

    public Scheduler Scheduler { get; }

    public Draw Random => Scheduler.Random;

    public History History { get; }

    public Network.Network Network { get; }

    public Database Database { get; }

    public SharedCache Cache { get; }

    public Referee Referee { get; }

    public CityPlan Plan { get; }

    /// <summary>All clients are one process: they do not fail here, their lines do.</summary>
    public Process Clients { get; }

    /// <summary>The clients' clock.</summary>
    public VirtualClock Clock { get; }

    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Requests that were carried through to their answer.</summary>
    public long Operations { get; set; }

    /// <summary>When the last fault was mended; null while there are faults.</summary>
    public TimeSpan? CalmSince { get; set; }

    /// <summary>Whether actors are to come to an end.</summary>
    public bool IsClosing { get; set; }

    /// <summary>The first promise that was broken; null while all are kept.</summary>
    public string? Broken { get; private set; }

    /// <summary>Notes that a promise was broken.</summary>
    public void Break(string how) => Broken ??= how;

    /// <summary>Whether everything should work by now.</summary>
    public bool HasRecovered => CalmSince is { } since && Scheduler.Elapsed > since + RecoveryMax;

    public Task PauseAsync(double meanSeconds) => Task.Delay(Random.About(meanSeconds), Clock);
}
