using System.Collections;

namespace GasTrace.Ledger.Projecting;

// Rows as they wait: no references, so that the collector does not look into them. Names of stations, terminals and the like are
// numbers of the batch's names.

internal readonly record struct PackedEntryRow(long Position, PackedText CylinderId, long RecordedAtMicros, int Kind, int Station, int Region);

internal readonly record struct PackedOpenPermit(PackedText CylinderId, long DeadlineUnixSeconds, int Station, int Terminal, int Gun, bool Begun);

internal readonly record struct PackedBegunPermit(long DeadlineUnixSeconds, long DeadlineBeforeUnixSeconds);

internal readonly record struct PackedFillRow(
    long Position, PackedText PermitId, PackedText CylinderId, PackedText Code, int Station, int Region, int Terminal, int Gun, int Operator, int Gas, int GasBatch,
    int GrossMassG, int TareG, int NetMassG, int MaxNetMassG, long RecordedAtMicros);

internal readonly record struct PackedFindingRow(long Position, PackedText CylinderId, long RecordedAtMicros, int Code, int Station);

/// <summary>Packed rows, each made when it is asked for.</summary>
/// <param name="packed">As they wait.</param>
/// <param name="read">Makes a row.</param>
internal sealed class PackedRows<TPacked, TRow>(IReadOnlyCollection<TPacked> packed, Func<TPacked, TRow> read) : IReadOnlyCollection<TRow>
{
    /// <inheritdoc />
    public int Count => packed.Count;

    /// <inheritdoc />
    public IEnumerator<TRow> GetEnumerator()
    {
        foreach (var row in packed)
        {
            yield return read(row);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
