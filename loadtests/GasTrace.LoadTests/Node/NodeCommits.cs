using System.Diagnostics.Metrics;
using GasTrace.Ledger.Writing;

namespace GasTrace.LoadTests.Node;

/// <summary>What this process's ledger has committed, by its own meter.</summary>
internal sealed class NodeCommits : IDisposable
{
    private readonly MeterListener listener = new();
    private long batches;
    private long units;

    public NodeCommits()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == LedgerMetrics.MeterName && instrument.Name == LedgerMetrics.BatchUnits)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, together, _, _) =>
        {
            Interlocked.Increment(ref batches);
            Interlocked.Add(ref units, together);
        });
        listener.Start();
    }

    /// <summary>What the process has used, with what it has committed.</summary>
    public NodeUsage Usage() => NodeUsage.OfThisProcess() with { Batches = Interlocked.Read(ref batches), Units = Interlocked.Read(ref units) };

    public void Dispose() => listener.Dispose();
}
