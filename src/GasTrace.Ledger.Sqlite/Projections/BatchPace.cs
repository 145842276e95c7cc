namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>
/// How much a batch of the projector rests. It is written evenly over most of the time in which the next one gathers, by what the
/// last one cost: in one go it would take a core from requests for a tenth of a second.
/// </summary>
/// <param name="fullBatch">Entries of a full batch: the projector is behind, and rests would only let it fall further.</param>
internal sealed class BatchPace(int fullBatch)
{
    private const double RestPerWorkMax = 6;
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(350);
    private TimeSpan workPerEntry = TimeSpan.FromMicroseconds(10);

    /// <summary>How many times as long as it works a batch of so many entries, one or more, rests; 0 for full speed.</summary>
    public double RestPerWork(int entries) =>
        entries >= fullBatch ? 0 : Math.Clamp((Spread / (workPerEntry * entries)) - 1, 0, RestPerWorkMax);

    /// <summary>Takes note of what a batch of so many entries, one or more, took without its rests.</summary>
    public void Learn(int entries, TimeSpan worked) => workPerEntry = worked / entries;
}
