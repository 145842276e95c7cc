namespace GasTrace.Simulation.Clockwork;

/// <summary>
/// What can be killed or stopped as one: a node, the clients, the store. It is the synchronisation context of all that it runs,
/// so whatever it waits for comes back to it, and to nothing when it is dead.
/// </summary>
internal sealed class Process(Scheduler scheduler, string name) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> held = [];

    public string Name => name;

    public Scheduler Scheduler => scheduler;

    public bool IsDead { get; private set; }

    public bool IsStopped { get; private set; }

    /// <summary>Told of what nobody caught.</summary>
    public Action<Exception> Fault { get; init; } = _ => { };

    /// <summary>Dies: nothing that it had begun goes on.</summary>
    public void Kill()
    {
        IsDead = true;
        held.Clear();
    }

    /// <summary>Stops as a whole, as by SIGSTOP or a pause of the machine; time goes on without it.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>Goes on where it was.</summary>
    public void Continue()
    {
        IsStopped = false;
        foreach (var (callback, state) in held)
        {
            scheduler.Post(this, callback, state);
        }

        held.Clear();
    }

    /// <summary>Does something later, if it still lives then.</summary>
    public void After(TimeSpan delay, Action action) =>
        new VirtualTimer(this, 1, static act => ((Action)act!)(), action).Change(delay, Timeout.InfiniteTimeSpan);

    public void Post(Action action) => Post(static state => ((Action)state!)(), action);

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsDead)
        {
            scheduler.Post(this, d, state);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits in the simulation.");

    public override SynchronizationContext CreateCopy() => this;

    internal void Run(SendOrPostCallback callback, object? state)
    {
        if (IsDead)
        {
            return;
        }

        if (IsStopped)
        {
            held.Add((callback, state));
            return;
        }

        SetSynchronizationContext(this);
        callback(state);
    }
}
