using System.Diagnostics.Metrics;

namespace GasTrace.Cards.Redis;

/// <summary>What the shared card cache does, for any collector of .NET metrics.</summary>
public sealed class RedisMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "GasTrace.Cards.Redis";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> found;
    private readonly Counter<long> missed;
    private readonly Counter<long> failed;

    /// <summary>Starts counting.</summary>
    /// <param name="isUsed">Whether the cache is used now.</param>
    public RedisMetrics(Func<bool> isUsed)
    {
        found = meter.CreateCounter<long>("gastrace.cards.redis.found", "{card}", "Cards that Redis knew.");
        missed = meter.CreateCounter<long>("gastrace.cards.redis.missed", "{card}", "Cards that Redis did not know.");
        failed = meter.CreateCounter<long>("gastrace.cards.redis.failed", "{call}", "Calls that failed, timed out or were not tried.");
        meter.CreateObservableGauge("gastrace.cards.redis.used", () => isUsed() ? 1 : 0, null, "1 while Redis is used, 0 while the store answers alone.");
    }

    /// <summary>Cards were asked for.</summary>
    public void Asked(int known, int unknown)
    {
        found.Add(known);
        missed.Add(unknown);
    }

    /// <summary>A call failed.</summary>
    public void Failed() => failed.Add(1);

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
