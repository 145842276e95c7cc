using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;

namespace GasTrace.Domain.Limits;

/// <summary>The limits that hold on a day: defaults, and what an administrator changed with a date from which it holds.</summary>
public readonly struct LimitTable(LimitsCard? changes, DateOnly day)
{
    /// <summary>
    /// Version of the rules, written into every permit: how many changes of limits it took into account, plus the version of
    /// the rules in code times 1,000.
    /// </summary>
    public int RulesVersion => 1_000 + (changes?.Limits.Count ?? 0);

    /// <summary>A limit's value. The name must be known.</summary>
    public long this[string name] => Find(name) ?? throw new KeyNotFoundException($"No limit is called '{name}'.");

    /// <summary>A limit's value, or null when no limit has that name.</summary>
    public long? Find(string name)
    {
        // Later changes of the same limit come later in the card.
        for (var i = (changes?.Limits.Count ?? 0) - 1; i >= 0; i--)
        {
            var change = changes!.Limits[i];
            if (change.Name == name && change.ValidFrom.ToDay() <= day)
            {
                return change.Value;
            }
        }

        return LimitDefaults.All.TryGetValue(name, out var limit) ? limit.Value : null;
    }
}
