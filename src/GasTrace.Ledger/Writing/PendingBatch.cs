using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Writing;

/// <summary>A unit whose caller waits.</summary>
internal sealed class PendingUnit(AppendUnit unit)
{
    public AppendUnit Unit => unit;

    public TaskCompletionSource<UnitOutcome> Outcome { get; } = new();
}

/// <summary>Units that are appended together, and what became of them.</summary>
internal sealed class PendingBatch
{
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PendingUnit> pending = [];
    private readonly List<AppendUnit> units = [];
    private AppendResult? result;
    private Exception? failure;

    /// <summary>Done when the store has fetched the units, or failed: what comes from then on is for the next batch.</summary>
    public Task Begun => begun.Task;

    /// <summary>When the store fetched the units, by the clock's timestamps.</summary>
    public long BegunAt { get; private set; }

    /// <summary>When its commit was heard of, likewise.</summary>
    public long WrittenAt { get; private set; }

    /// <summary>Whether the store did not write it.</summary>
    public bool IsFailed => failure is not null;

    /// <summary>Entries of it that are in the ledger, once <see cref="Entries" /> has named them.</summary>
    public int EntriesCommitted { get; private set; }

    /// <summary>The units, in order.</summary>
    public IReadOnlyList<AppendUnit> Units => units;

    /// <summary>One more unit.</summary>
    public void Add(PendingUnit unit)
    {
        pending.Add(unit);
        units.Add(unit.Unit);
    }

    /// <summary>The store has fetched the units.</summary>
    public void Begin(long timestamp)
    {
        BegunAt = timestamp;
        begun.TrySetResult();
    }

    /// <summary>The store has written it.</summary>
    public void Written(AppendResult appended, long timestamp) => (result, WrittenAt) = (appended, timestamp);

    /// <summary>It was not written; those behind it hear the same.</summary>
    public void Failed(Exception error, IReadOnlyList<PendingUnit> behind)
    {
        failure = error;
        pending.AddRange(behind);
        begun.TrySetResult();
    }

    /// <summary>What of it is in the ledger now; nothing when it failed.</summary>
    public IReadOnlyList<LedgerEntry> Entries()
    {
        List<LedgerEntry> entries = [];
        var position = result?.FirstPosition ?? 0;
        for (var i = 0; i < result?.Outcomes.Count; i++)
        {
            if (result.Outcomes[i].Fate != UnitFate.Committed)
            {
                continue;
            }

            foreach (var entry in units[i].Entries)
            {
                entries.Add(new LedgerEntry(position++, entry.Header, entry.Payload));
            }
        }

        EntriesCommitted = entries.Count;
        return entries;
    }

    /// <summary>Answers the callers: everybody may know.</summary>
    public void Answer() => AnswerGroups.Answer(pending.Count, caller =>
    {
        if (failure is null)
        {
            pending[caller].Outcome.SetResult(result!.Outcomes[caller]);
        }
        else
        {
            pending[caller].Outcome.SetException(failure);
        }
    });
}
