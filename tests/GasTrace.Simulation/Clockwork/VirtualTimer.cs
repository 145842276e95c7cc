namespace GasTrace.Simulation.Clockwork;

/// <summary>A timer on the virtual clock. Its process runs it: a stopped one late, a dead one never.</summary>
internal sealed class VirtualTimer(Process process, double rate, TimerCallback callback, object? state) : ITimer
{
    private long setting;
    private TimeSpan period;
    private bool isSet;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        setting++;
        this.period = period;
        isSet = dueTime >= TimeSpan.Zero;
        if (isSet)
        {
            process.Scheduler.Set(this, process.Scheduler.Now + (long)Math.Ceiling(dueTime.Ticks / rate) + 1, setting);
        }

        return true;
    }

    public void Dispose()
    {
        setting++;
        isSet = false;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal bool IsSet(long asOf) => isSet && setting == asOf && !process.IsDead;

    internal void Fire()
    {
        isSet = false;
        process.Run(static timer => ((VirtualTimer)timer!).Call(), this);
    }

    private void Call()
    {
        if (period > TimeSpan.Zero)
        {
            Change(period, period);
        }

        callback(state);
    }
}
