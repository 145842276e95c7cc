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
        var ranges = keys.Codes is { } codes ? cards.Get<RecallRangesCard>(codes) : null;
        return month is { Active: true } ? month
            : model is { Active: true } ? model
            : ranges?.Recalls.FirstOrDefault(recall => recall.Active && Covers(recall.CodeRange, cylinder.Code));
    }

    private static bool Covers(CodeRange range, string code) =>
        string.CompareOrdinal(range.First, code) <= 0 && string.CompareOrdinal(code, range.Last) <= 0;
}

/// <summary>The recalls that a cylinder would fall under.</summary>
/// <param name="Month">Of its maker's production of a month.</param>
/// <param name="Model">Of its model.</param>
/// <param name="Codes">Of ranges of codes; null when its code is too short to lie in one.</param>
public sealed record RecallKeys(CardKey Month, CardKey Model, CardKey? Codes)
{
    /// <summary>The keys for a cylinder.</summary>
    public static RecallKeys Of(Cylinder cylinder) => new(
        CardKey.RecallOfMonth(cylinder.Maker, cylinder.ManufacturedOn.Year, cylinder.ManufacturedOn.Month),
        CardKey.RecallOfModel(CylinderModel.ShortName(cylinder.Model)),
        cylinder.Code.Length >= Recalls.RangePrefixLength ? CardKey.RecallOfCodes(cylinder.Code[..Recalls.RangePrefixLength]) : null);
}
