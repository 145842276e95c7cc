namespace GasTrace.Simulation.Clockwork;

/// <summary>
/// One thread, one virtual clock, and a seed that says which of the things that could happen next does. Nothing else runs: what
/// a seed did once it does again.
/// </summary>
internal sealed class Scheduler
{
    private readonly List<Step> ready = [];
    private readonly PriorityQueue<(VirtualTimer Timer, long Setting), (long Due, long Order)> timers = new();
    private readonly Thread thread = Thread.CurrentThread;
    private long order;

    public Scheduler(ulong seed) => Random = new Draw(seed);

    private readonly record struct Step(Process Process, SendOrPostCallback Callback, object? State);

    /// <summary>The run's only source of chance.</summary>
    public Draw Random { get; }

    /// <summary>Virtual time since the start, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Now);

    /// <summary>Steps that were taken.</summary>
    public long Steps { get; private set; }

    /// <summary>What a process has to do next, sooner or later than what others have to.</summary>
    public void Post(Process process, SendOrPostCallback callback, object? state)
    {
        if (Thread.CurrentThread != thread)
        {
            throw new InvalidOperationException($"Something left the simulation for another thread, and cannot be replayed: {callback.Method.DeclaringType}.{callback.Method.Name}");
        }

        ready.Add(new Step(process, callback, state));
    }

    /// <summary>Sets a timer.</summary>
    public void Set(VirtualTimer timer, long due, long setting) => timers.Enqueue((timer, setting), (due, order++));

    /// <summary>Takes one step: something that is ready, in an order of chance, else the next timer. False when there is nothing.</summary>
    public bool Run()
    {
        Steps++;
        if (ready.Count > 0)
        {
            var chosen = ready.Count == 1 ? 0 : Random.Below(ready.Count);
            var step = ready[chosen];
            ready[chosen] = ready[^1];
            ready.RemoveAt(ready.Count - 1);
            step.Process.Run(step.Callback, step.State);
            return true;
        }

        while (timers.TryDequeue(out var set, out var at))
        {
            if (set.Timer.IsSet(set.Setting))
            {
                Now = Math.Max(Now, at.Due);
                set.Timer.Fire();
                return true;
            }
        }

        return false;
    }
}
