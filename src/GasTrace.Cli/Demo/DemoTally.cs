using System.Collections.Concurrent;
using GasTrace.V1;
using HdrHistogram;

namespace GasTrace.Cli.Demo;

/// <summary>What the carousels have been answered.</summary>
internal sealed class DemoTally
{
    private readonly Lock gate = new();
    private readonly LongHistogram latencyMicros = new(1, 60_000_000, 3);
    private long scans;
    private long permits;
    private long completed;
    private long aborted;
    private long violations;
    private long errors;

    public ConcurrentDictionary<string, long> Refusals { get; } = new(StringComparer.Ordinal);

    public long Scans => Interlocked.Read(ref scans);

    public long Permits => Interlocked.Read(ref permits);

    public long Completed => Interlocked.Read(ref completed);

    public long Aborted => Interlocked.Read(ref aborted);

    public long Violations => Interlocked.Read(ref violations);

    public long Errors => Interlocked.Read(ref errors);

    public void Scanned(ScanResponse response, TimeSpan took)
    {
        Interlocked.Increment(ref scans);
        lock (gate)
        {
            latencyMicros.RecordValue(Math.Clamp((long)took.TotalMicroseconds, 1, 60_000_000));
        }

        if (response.Permit is not null)
        {
            Interlocked.Increment(ref permits);
            return;
        }

        foreach (var finding in response.Refusal.Findings)
        {
            Refusals.AddOrUpdate(finding.Code, 1, (_, count) => count + 1);
        }
    }

    public void Filled(CompleteFillResponse response)
    {
        Interlocked.Increment(ref completed);
        Interlocked.Add(ref violations, response.Violations.Count > 0 ? 1 : 0);
    }

    public void GaveUp() => Interlocked.Increment(ref aborted);

    public void Failed() => Interlocked.Increment(ref errors);

    public double LatencyMs(double percentile)
    {
        lock (gate)
        {
            return latencyMicros.TotalCount == 0 ? 0 : latencyMicros.GetValueAtPercentile(percentile) / 1_000.0;
        }
    }
}
