using GasTrace.Simulation.Nodes;

namespace GasTrace.Simulation.City;

/// <summary>
/// What fails, when, and for how long. Each seed has a weather of its own: some kinds of fault often, some not at all, since a
/// world in which everything always fails shows less than many in which a few things do.
/// </summary>
internal sealed class Weather
{
    private readonly World world;
    private readonly List<(string Name, Action Begin, Action End, double MeanSeconds)> kinds;
    private readonly double pauseSeconds;
    private readonly List<Action> mending = [];

    public Weather(World world)
    {
        this.world = world;
        pauseSeconds = world.Random.Of([2, 5, 15]);
        kinds = [.. AllKinds().Where(_ => world.Random.Chance(0.45))];
    }

    private Node AnyNode => world.Random.Of(world.Nodes);

    public async Task RunAsync()
    {
        while (kinds.Count > 0 && world.CalmSince is null)
        {
            await world.PauseAsync(pauseSeconds);
            if (world.CalmSince is not null)
            {
                return;
            }

            var (name, begin, end, mean) = world.Random.Of(kinds);
            world.History.Add("weather", name);
            begin();
            mending.Add(end);
            _ = MendAsync(name, end, mean);
        }
    }

    /// <summary>Ends all faults.</summary>
    public void Clear()
    {
        foreach (var end in mending.ToArray())
        {
            end();
        }

        mending.Clear();
        world.CalmSince = world.Scheduler.Elapsed;
        world.History.Add("weather", "clears");
    }

    private async Task MendAsync(string name, Action end, double meanSeconds)
    {
        await world.PauseAsync(meanSeconds);
        if (mending.Remove(end))
        {
            end();
            world.History.Add("weather", name, "ends");
        }
    }

    private IEnumerable<(string Name, Action Begin, Action End, double MeanSeconds)> AllKinds()
    {
        var (database, cache, network) = (world.Database, world.Cache, world.Network);
        foreach (var node in world.Nodes)
        {
            yield return ("node killed", node.Kill, () => Restart(node), 6);
            yield return ("node stopped", () => node.Process.Stop(), () => node.Process.Continue(), 8);
            yield return ("line to database cut", () => node.StoreLine.IsCut = true, () => node.StoreLine.IsCut = false, 6);
            yield return ("line to cache cut", () => node.CacheLine.IsCut = true, () => node.CacheLine.IsCut = false, 10);
            yield return ("clock set", () => node.Skew = world.Random.Between(-2, 2), () => { }, 10);
        }

        yield return ("database away", () => database.IsStopped = true, () => database.IsStopped = false, 4);
        yield return ("database slow", () => database.DelaySeconds = 0.1, () => database.DelaySeconds = 0.003, 6);
        yield return ("database fails", () => database.FailShare = 0.2, () => database.FailShare = 0, 10);
        yield return ("replies lost", () => database.LostReplyShare = 0.1, () => database.LostReplyShare = 0, 10);
        yield return ("cache away", () => cache.IsStopped = true, () => cache.IsStopped = false, 10);
        yield return ("cache slow", () => cache.DelaySeconds = 0.03, () => cache.DelaySeconds = 0.0005, 6);
        yield return ("cache loses", () => cache.LossShare = 0.3, () => cache.LossShare = 0, 10);
        yield return ("cache flushed", cache.Flush, () => { }, 1);
        yield return ("cache set back", cache.SetBack, () => { }, 1);
        yield return ("network loses", () => network.LossShare = 0.05, () => network.LossShare = 0, 10);
        yield return ("network cuts", () => network.CutShare = 0.03, () => network.CutShare = 0, 10);
        yield return ("network slow", () => network.DelaySeconds = 0.2, () => network.DelaySeconds = 0.002, 6);
    }

    // Killed twice before it was up again is killed once.
    private static void Restart(Node node)
    {
        if (node.Process.IsDead)
        {
            node.Start();
        }
    }
}
