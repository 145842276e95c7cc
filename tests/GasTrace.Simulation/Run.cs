using GasTrace.Simulation.Checking;
using GasTrace.Simulation.City;

namespace GasTrace.Simulation;

/// <summary>How a run went.</summary>
/// <param name="Seed">What it was made from.</param>
/// <param name="Operations">Requests that were carried through to their answer.</param>
/// <param name="Entries">Entries in the ledger.</param>
/// <param name="SchedulerSteps">Steps of the scheduler.</param>
/// <param name="Elapsed">Virtual time.</param>
/// <param name="Digest">Of the whole history: the same seed has the same.</param>
/// <param name="Broken">The first promise that was broken; null when all were kept.</param>
/// <param name="Tail">The last lines of the history.</param>
internal sealed record RunResult(
    ulong Seed, long Operations, long Entries, long SchedulerSteps, TimeSpan Elapsed, ulong Digest, string? Broken, IReadOnlyList<string> Tail);

/// <summary>One run: a city is founded, fills in all weathers, and must be in order when the weather clears.</summary>
internal sealed class Run
{
    private const int Registrars = 3;
    private const int Regulators = 4;
    private const int Inspectors = 80;
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(300);
    private readonly World world;
    private readonly ulong seed;
    private readonly long steps;
    private readonly List<Regulator> regulators = [];
    private bool finished;

    private Run(ulong seed, long steps, SimulatedFault fault, TextWriter? history)
    {
        (this.seed, this.steps) = (seed, steps);
        world = new World(seed, fault, history);
    }

    /// <summary>Runs a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="steps">Operations before the weather clears.</param>
    /// <param name="fault">A fault to plant.</param>
    /// <param name="history">Where every line of the history goes; null for nowhere.</param>
    public static RunResult Do(ulong seed, long steps, SimulatedFault fault = SimulatedFault.None, TextWriter? history = null)
    {
        var before = SynchronizationContext.Current;
        try
        {
            return new Run(seed, steps, fault, history).Do();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private RunResult Do()
    {
        world.Clients.Post(() => _ = GuardAsync(DirectAsync()));
        while (!finished && world.Broken is null)
        {
            if (!world.Scheduler.Run())
            {
                world.Break("Nothing is left to happen, and the run is not at its end.");
            }
        }

        // What is left of them must not wake up in the hands of the collector.
        world.Clients.Kill();
        foreach (var node in world.Nodes)
        {
            node.Kill();
        }

        return new RunResult(
            seed, world.Operations, world.Referee.Entries.Count, world.Scheduler.Steps, world.Scheduler.Elapsed, world.History.Digest, world.Broken, [.. world.History.Tail()]);
    }

    private async Task DirectAsync()
    {
        foreach (var node in world.Nodes)
        {
            node.Start();
        }

        await world.PauseAsync(1);
        await new Registrar(world, "founder", giveUpShare: 0).FoundAsync();
        world.History.Add("director", "founded");
        var weather = new Weather(world);
        Start();
        _ = GuardAsync(weather.RunAsync());
        while (world.Operations < steps)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), world.Clock);
        }

        weather.Clear();
        await Task.Delay(World.RecoveryMax + TimeSpan.FromSeconds(10), world.Clock);
        world.IsClosing = true;
        world.History.Add("director", "closes");
        await QuietAsync();
        if (await Accounts.CheckAsync(world.Database.Ledger, world.Database.Projections, world.Referee.Model) is { Length: > 0 } wrong)
        {
            world.Break(wrong);
        }

        finished = true;
    }

    private void Start()
    {
        foreach (var terminal in world.Plan.Guns.GroupBy(gun => gun.Terminal))
        {
            var channel = new FillingChannel(world, terminal.Key, overStream: world.Random.Chance(0.5));
            foreach (var gun in terminal)
            {
                _ = GuardAsync(new Gunner(world, gun, channel).RunAsync());
            }
        }

        for (var n = 0; n < Registrars; n++)
        {
            _ = GuardAsync(new Registrar(world, $"registrar{n}").RunAsync());
        }

        for (var n = 0; n < Inspectors; n++)
        {
            _ = GuardAsync(new Inspector(world, $"inspector{n}").RunAsync());
        }

        for (var n = 0; n < Regulators; n++)
        {
            var regulator = new Regulator(world, $"regulator{n}");
            regulators.Add(regulator);
            _ = GuardAsync(regulator.RunAsync());
        }
    }

    // Nobody starts anything new: every permit ends, everyone hears of everything, and the tables are whole.
    private async Task QuietAsync()
    {
        var since = world.Scheduler.Elapsed;
        while (Restless() is { Length: > 0 } restless)
        {
            if (world.Scheduler.Elapsed - since > QuietMax)
            {
                world.Break($"{QuietMax} after the last request it is not quiet: {restless}");
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), world.Clock);
        }
    }

    private string Restless()
    {
        var head = world.Referee.Entries.Count;
        var lagging = regulators.FindIndex(regulator => regulator.Next < head);
        var tables = world.Database.Projections.GetPositionAsync(default).GetAwaiter().GetResult();
        return world.Referee.Model.Listed.FirstOrDefault(cylinder => cylinder.Open is not null) is { Open: { } open } ? $"permit {open.Id} is open, to end at {open.Deadline}"
            : lagging >= 0 ? $"regulator{lagging} is at {regulators[lagging].Next} of {head}"
            : tables < head ? $"the tables hold {tables} of {head} entries"
            : string.Empty;
    }

    private async Task GuardAsync(Task actor)
    {
        try
        {
            await actor;
        }
#pragma warning disable CA1031 // Whatever an actor did not expect is a finding.
        catch (Exception error)
#pragma warning restore CA1031
        {
            world.Break($"An actor met what it does not know: {error}");
        }
    }
}
