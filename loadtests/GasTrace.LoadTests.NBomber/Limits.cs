using NBomber.Contracts.Stats;

namespace GasTrace.LoadTests.NBomber;

/// <summary>What a run has to keep to; NBomber 4.1.2 has no thresholds of its own.</summary>
/// <param name="PerSecond">The rate that was injected.</param>
/// <param name="Seconds">For how long, the ramp not counted.</param>
/// <param name="P99Ms">Most milliseconds of the 99th percentile.</param>
internal sealed record Limits(int PerSecond, int Seconds, double P99Ms)
{
    // An injected count may be one short, and what was under way at the end is not counted.
    private const double ServedShare = 0.98;

    /// <summary>What a scenario's statistics break, in words; nothing when they keep to all.</summary>
    public IEnumerable<string> Broken(ScenarioStats stats)
    {
        // Not AllOkCount: that counts steps and iterations together.
        if (stats.Ok.Request.Count < PerSecond * Seconds * ServedShare)
        {
            yield return $"{stats.ScenarioName}: {stats.Ok.Request.Count} iterations went well, of {PerSecond * Seconds} and a ramp";
        }

        if (stats.Fail.Request.Count > 0)
        {
            yield return $"{stats.ScenarioName}: {stats.Fail.Request.Count} iterations failed";
        }

        if (stats.Ok.Latency.Percent99 > P99Ms)
        {
            yield return $"{stats.ScenarioName}: p99 is {stats.Ok.Latency.Percent99} ms, above {P99Ms} ms";
        }
    }
}
