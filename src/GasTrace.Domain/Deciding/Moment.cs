using Google.Protobuf.WellKnownTypes;

namespace GasTrace.Domain.Deciding;

/// <summary>When a decision is taken: the instant, and the calendar day that it falls on where the stations are.</summary>
/// <param name="Instant">The instant.</param>
public readonly record struct Moment(DateTimeOffset Instant)
{
    /// <summary>China has one time zone and no daylight saving since 1991, so no time zone data is needed.</summary>
    public static readonly TimeSpan StationOffset = TimeSpan.FromHours(8);

    /// <summary>The day in Asia/Shanghai.</summary>
    public DateOnly Today { get; } = DayOf(Instant);

    /// <summary>Whole seconds since 1970-01-01T00:00:00Z.</summary>
    public long UnixSeconds => Instant.ToUnixTimeSeconds();

    /// <summary>As a message.</summary>
    public Timestamp ToTimestamp() => Timestamp.FromDateTimeOffset(Instant);

    /// <summary>The day in Asia/Shanghai that an instant falls on.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(StationOffset).DateTime);
}
