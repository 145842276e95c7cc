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
    public static Recall? Find(Cylinder cylinder, CardSet cards)
    {
        var month = cards.Get<Recall>(CardKey.RecallOfMonth(cylinder.Maker, cylinder.ManufacturedOn.Year, cylinder.ManufacturedOn.Month));
        var model = cards.Get<Recall>(CardKey.RecallOfModel(CylinderModel.ShortName(cylinder.Model)));
        var ranges = cylinder.Code.Length >= RangePrefixLength
            ? cards.Get<RecallRangesCard>(CardKey.RecallOfCodes(cylinder.Code[..RangePrefixLength]))
            : null;
        return month is { Active: true } ? month
            : model is { Active: true } ? model
            : ranges?.Recalls.FirstOrDefault(recall => recall.Active && Covers(recall.CodeRange, cylinder.Code));
    }

    private static bool Covers(CodeRange range, string code) =>
        string.CompareOrdinal(range.First, code) <= 0 && string.CompareOrdinal(code, range.Last) <= 0;
}
