using HdrHistogram;

namespace GasTrace.LoadTests.Running;

/// <summary>Latencies as they are kept: microseconds, up to two minutes.</summary>
internal static class Latency
{
    public const long MicrosMax = 120_000_000;

    public static void Record(this HistogramBase histogram, TimeSpan latency) => histogram.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, MicrosMax));

    public static double Millis(this HistogramBase histogram, double percentile) => histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1_000.0;
}
