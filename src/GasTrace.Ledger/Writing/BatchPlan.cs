using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Writing;

/// <summary>
/// Chooses what goes into one batch: no unit writes a card that another reads or writes, nor takes the same claim. Many units
/// that read the same station's card are the normal case and no conflict.
/// </summary>
public sealed class BatchPlan
{
    private readonly HashSet<CardKey> read = [];
    private readonly HashSet<CardKey> written = [];
    private readonly HashSet<string> claimed = new(StringComparer.Ordinal);

    /// <summary>Takes a unit in, or answers false: then it belongs into the next batch.</summary>
    public bool TryAdd(AppendUnit unit)
    {
        if (Conflicts(unit))
        {
            return false;
        }

        foreach (var card in unit.Reads)
        {
            read.Add(card.Key);
        }

        foreach (var card in unit.Writes)
        {
            written.Add(card.Key);
        }

        foreach (var claim in unit.Claims)
        {
            claimed.Add(claim);
        }

        return true;
    }

    /// <summary>Forgets everything, for the next batch.</summary>
    public void Clear()
    {
        read.Clear();
        written.Clear();
        claimed.Clear();
    }

    private bool Conflicts(AppendUnit unit)
    {
        foreach (var card in unit.Writes)
        {
            if (read.Contains(card.Key) || written.Contains(card.Key))
            {
                return true;
            }
        }

        foreach (var card in unit.Reads)
        {
            if (written.Contains(card.Key))
            {
                return true;
            }
        }

        foreach (var claim in unit.Claims)
        {
            if (claimed.Contains(claim))
            {
                return true;
            }
        }

        return false;
    }
}
