using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Registry;

/// <summary>Recalls are one card each, keyed by what they name; a scan reads the cards that its cylinder would fall under.</summary>
public static class Recalls
{
    /// <summary>Characters that all codes of a range share: a range lies in one region.</summary>
    public const int RangePrefixLength = 6;

    /// <summary>Most ranges that one prefix can carry.</summary>
    public const int RangesPerPrefixMax = 1_000;

    /// <summary>The recall in force that a cylinder falls under, or null.</summary>
    public static Recall? Find(Cylinder cylinder, RecallKeys keys, CardSet cards)
    {
        var month = cards.Get<Recall>(keys.Month);
        var model = cards.Get<Recall>(keys.Model);
        var range = RangeOver(cylinder.Code, keys.Codes, cards);
        foreach (var (code, key) in keys.FormerCodes)
        {
            // Each is asked for, whatever the others say: names come before decisions.
            range = RangeOver(code, key, cards) ?? range;
        }

        return month is { Active: true } ? month
            : model is { Active: true } ? model
            : range;
    }

    private static Recall? RangeOver(string code, CardKey? ranges, CardSet cards)
    {
        if (ranges is not { } key || cards.Get<RecallRangesCard>(key) is not { } card)
        {
            return null;
        }

        foreach (var recall in card.Recalls)
        {
            if (recall.Active && string.CompareOrdinal(recall.CodeRange.First, code) <= 0 && string.CompareOrdinal(code, recall.CodeRange.Last) <= 0)
            {
                return recall;
            }
        }

        return null;
    }
}

/// <summary>The recalls that a cylinder would fall under.</summary>
/// <param name="Month">Of its maker's production of a month.</param>
/// <param name="Model">Of its model.</param>
/// <param name="Codes">Of ranges of codes; null when its code is too short to lie in one.</param>
/// <param name="FormerCodes">The same for the codes that it had before: a new label is no way out of a recall.</param>
public sealed record RecallKeys(CardKey Month, CardKey Model, CardKey? Codes, IReadOnlyList<(string Code, CardKey Ranges)> FormerCodes)
{
    /// <summary>The keys for a cylinder.</summary>
    public static RecallKeys Of(Cylinder cylinder) => new(
        CardKey.RecallOfMonth(cylinder.Maker, cylinder.ManufacturedOn.Year, cylinder.ManufacturedOn.Month),
        CardKey.RecallOfModel(CylinderModel.ShortName(cylinder.Model)),
        KeyOf(cylinder.Code),
        Former(cylinder));

    private static CardKey? KeyOf(string code) => code.Length >= Recalls.RangePrefixLength ? CardKey.RecallOfCodes(code[..Recalls.RangePrefixLength]) : null;

    private static (string Code, CardKey Ranges)[] Former(Cylinder cylinder)
    {
        List<(string, CardKey)>? former = null;
        for (var i = 0; i < cylinder.Aliases.Count; i++)
        {
            // By index: the enumerator would be an object for every scan.
            var alias = cylinder.Aliases[i];
            if (alias is { Kind: AliasKind.Code, Voided: true } && KeyOf(alias.Value) is { } key)
            {
                (former ??= []).Add((alias.Value, key));
            }
        }

        return former is null ? [] : [.. former];
    }
}
