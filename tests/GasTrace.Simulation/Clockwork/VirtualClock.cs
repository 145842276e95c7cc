namespace GasTrace.Simulation.Clockwork;

/// <summary>A process's clock: the virtual time, off by a skew that may change, on a watch that runs a little too fast or slow.</summary>
internal sealed class VirtualClock(Process process, double rate = 1) : TimeProvider
{
    /// <summary>When every simulation starts: a working morning at the stations.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 30, 0, TimeSpan.Zero);

    public TimeSpan Skew { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + process.Scheduler.Elapsed + Skew;

    public override long GetTimestamp() => (long)(process.Scheduler.Now * rate);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(process, rate, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
