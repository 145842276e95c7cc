using System.Diagnostics.Metrics;

namespace GasTrace.Ledger.Writing;

/// <summary>What the writer does, for any collector of .NET metrics.</summary>
public sealed class LedgerMetrics : IDisposable
{
    /// <summary>Name of the meter. Its scope is the writer.</summary>
    public const string MeterName = "GasTrace.Ledger";

    /// <summary>Histogram: units, each a command's outcome, that were committed together.</summary>
    public const string BatchUnits = "gastrace.ledger.batch.units";

    /// <summary>Histogram: seconds from the moment at which the store fetched a batch to when the writer heard of its commit.</summary>
    public const string CommitDuration = "gastrace.ledger.commit.duration";

    /// <summary>Counter: entries that were committed.</summary>
    public const string Entries = "gastrace.ledger.entries";

    /// <summary>Counter: batches that the store did not write.</summary>
    public const string Failed = "gastrace.ledger.batch.failed";

    /// <summary>Gauge: units that wait to be written.</summary>
    public const string Queued = "gastrace.ledger.queued";

    private readonly Meter meter;
    private readonly Histogram<int> units;
    private readonly Histogram<double> duration;
    private readonly Counter<long> entries;
    private readonly Counter<long> failed;

    /// <summary>Starts counting.</summary>
    internal LedgerMetrics(LedgerWriter writer)
    {
        meter = new Meter(new MeterOptions(MeterName) { Scope = writer });
        units = meter.CreateHistogram<int>(BatchUnits, "{unit}", "Units that were committed together.");
        duration = meter.CreateHistogram<double>(CommitDuration, "s", "From when the store fetched a batch to when its commit was heard of.");
        entries = meter.CreateCounter<long>(Entries, "{entry}", "Entries that were committed.");
        failed = meter.CreateCounter<long>(Failed, "{batch}", "Batches that the store did not write.");
        meter.CreateObservableGauge(Queued, () => writer.QueuedUnits, "{unit}", "Units that wait to be written.");
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();

    /// <summary>What became of a batch; one that held nothing is none.</summary>
    internal void Record(PendingBatch batch, TimeProvider time)
    {
        if (batch.IsFailed)
        {
            failed.Add(1);
        }
        else if (batch.Units.Count > 0)
        {
            units.Record(batch.Units.Count);
            duration.Record(time.GetElapsedTime(batch.BegunAt, batch.WrittenAt).TotalSeconds);
            entries.Add(batch.EntriesCommitted);
        }
    }
}
