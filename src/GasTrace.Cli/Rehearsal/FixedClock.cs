namespace GasTrace.Cli.Rehearsal;

/// <summary>A clock that stands still at one moment; timers run as always.</summary>
internal sealed class FixedClock(DateTimeOffset moment) : TimeProvider
{
    /// <summary>Noon of a day where the stations are.</summary>
    public static FixedClock NoonOf(DateOnly day) => new(new DateTimeOffset(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.FromHours(8)));

    public override DateTimeOffset GetUtcNow() => moment.ToUniversalTime();
}
