using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.SqlServer;

/// <summary>Finds out how the units of a committed batch fared when the reply that said so was lost.</summary>
public static class LostReply
{
    /// <summary>The outcomes of a batch.</summary>
    /// <param name="batch">Its units.</param>
    /// <param name="first">Position of its first entry.</param>
    /// <param name="entries">The entries that it appended, in order.</param>
    /// <param name="cards">The cards that its units would have written, as they are now.</param>
    /// <returns>A unit that did not win is called stale: decided again, it finds why.</returns>
    public static AppendResult Outcomes(IReadOnlyList<AppendUnit> batch, long first, IReadOnlyList<LedgerEntry> entries, IReadOnlyList<StoredCard> cards)
    {
        var now = cards.ToDictionary(card => card.Key);
        var outcomes = new UnitOutcome[batch.Count];
        var next = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            var unit = batch[i];
            var won = unit.Entries.Length > 0 ? Follows(unit, entries, next) : unit.Writes.Any(write => now[write.Key] is var card && IsWritten(write, card));
            next += won ? unit.Entries.Length : 0;
            outcomes[i] = won
                ? UnitOutcome.Committed(first + next - (unit.Entries.Length > 0 ? 1 : 0))
                : new UnitOutcome(UnitFate.StaleCard, -1, unit.Reads.Length > 0 ? unit.Reads[0].Key.Value : string.Empty);
        }

        return new AppendResult(first, outcomes);
    }

    private static bool Follows(AppendUnit unit, IReadOnlyList<LedgerEntry> entries, int next) =>
        next + unit.Entries.Length <= entries.Count
        && unit.Entries.Select((entry, n) => entry.Payload.Span.SequenceEqual(entries[next + n].Payload.Span)).All(same => same);

    private static bool IsWritten(CardWrite write, StoredCard card) =>
        card.Version == write.VersionSeen + 1 && card.State.Span.SequenceEqual(write.State.Span);
}
