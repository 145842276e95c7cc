using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf.WellKnownTypes;

namespace GasTrace.Ledger.Projecting;

/// <summary>What a run of entries changes in the table of open permits: a permit that is issued and ended within it leaves no row.</summary>
internal sealed class ProjectedPermits
{
    private readonly PackedTexts texts;
    private readonly BatchNames names;
    private readonly Dictionary<PackedText, PackedOpenPermit> open;
    private readonly Dictionary<PackedText, PackedBegunPermit> begun;
    private readonly Dictionary<PackedText, long> closed;
    private readonly Dictionary<PackedText, PackedOpenPermit>.AlternateLookup<ReadOnlySpan<char>> openById;
    private readonly Dictionary<PackedText, PackedBegunPermit>.AlternateLookup<ReadOnlySpan<char>> begunById;
    private readonly Dictionary<PackedText, long>.AlternateLookup<ReadOnlySpan<char>> closedById;

    public ProjectedPermits(PackedTexts texts, BatchNames names)
    {
        (this.texts, this.names) = (texts, names);
        (open, begun, closed) = (new(texts), new(texts), new(texts));
        openById = open.GetAlternateLookup<ReadOnlySpan<char>>();
        begunById = begun.GetAlternateLookup<ReadOnlySpan<char>>();
        closedById = closed.GetAlternateLookup<ReadOnlySpan<char>>();
        Open = new PackedRows<KeyValuePair<PackedText, PackedOpenPermit>, OpenPermitRow>(open, Read);
        Begun = new PackedRows<KeyValuePair<PackedText, PackedBegunPermit>, BegunPermitRow>(begun, Read);
        Closed = new PackedRows<PackedText, string>(closed.Keys, texts.Read);
    }

    /// <summary>Permits that are open and were not before.</summary>
    public IReadOnlyCollection<OpenPermitRow> Open { get; }

    /// <summary>Permits that were open before and are begun now.</summary>
    public IReadOnlyCollection<BegunPermitRow> Begun { get; }

    /// <summary>Permits that were open before and are no longer.</summary>
    public IReadOnlyCollection<string> Closed { get; }

    /// <summary>The deadline that a closed permit had before the run; 0 when the entry does not say.</summary>
    public long DeadlineBefore(string closedPermit) => closedById[closedPermit];

    /// <summary>A permit was issued for a cylinder.</summary>
    public void Issue(PackedText cylinderId, PermitTermsEntry terms) => openById[terms.PermitId] = new(
        cylinderId, terms.ExpiresAtUnixS, names.NumberOf(terms.StationId), names.NumberOf(terms.TerminalId), names.NumberOf(terms.GunId), Begun: false);

    /// <summary>A fill was begun.</summary>
    public void Begin(FillBegunEntry happened)
    {
        var deadline = happened.ReportBy.Seconds;
        if (openById.TryGetValue(happened.PermitId, out var issued))
        {
            openById[happened.PermitId] = issued with { Begun = true, DeadlineUnixSeconds = deadline };
        }
        else
        {
            var before = begunById.TryGetValue(happened.PermitId, out var earlier) ? earlier.DeadlineBeforeUnixSeconds : happened.PreviousDeadline?.Seconds ?? 0;
            begunById[happened.PermitId] = new(deadline, before);
        }
    }

    /// <summary>A permit was used up, given up or has expired.</summary>
    /// <param name="permitId">The permit.</param>
    /// <param name="deadline">The deadline that it had; null when the entry does not say.</param>
    public void Close(string permitId, Timestamp? deadline)
    {
        if (begunById.Remove(permitId, out _, out var known))
        {
            closedById[permitId] = known.DeadlineBeforeUnixSeconds;
        }
        else if (!openById.Remove(permitId))
        {
            closedById[permitId] = deadline?.Seconds ?? 0;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        open.Clear();
        begun.Clear();
        closed.Clear();
    }

    private OpenPermitRow Read(KeyValuePair<PackedText, PackedOpenPermit> permit) => new(
        texts.Read(permit.Key), texts.Read(permit.Value.CylinderId), names[permit.Value.Station], names[permit.Value.Terminal], names[permit.Value.Gun],
        permit.Value.Begun, permit.Value.DeadlineUnixSeconds);

    private BegunPermitRow Read(KeyValuePair<PackedText, PackedBegunPermit> permit) =>
        new(texts.Read(permit.Key), permit.Value.DeadlineUnixSeconds, permit.Value.DeadlineBeforeUnixSeconds);
}
