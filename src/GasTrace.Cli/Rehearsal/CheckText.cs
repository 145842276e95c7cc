using GasTrace.Cli.Commands;
using GasTrace.V1;

namespace GasTrace.Cli.Rehearsal;

/// <summary>Checks as a table writes them: 合格 for all passed, nothing for none done, else the item that failed.</summary>
internal static class CheckText
{
    private const string Passed = "合格";

    private static readonly (string[] Words, PrefillItem Item)[] Before =
    [
        (["阀"], PrefillItem.Valve),
        (["护罩", "瓶帽"], PrefillItem.Shroud),
        (["颜色", "色标", "标志", "标识", "标签"], PrefillItem.ColourAndLabel),
        (["余压"], PrefillItem.ResidualPressure),
        (["余气", "残液", "残气"], PrefillItem.ResidualGas),
        (["皮重"], PrefillItem.Tare),
        (["腐蚀", "火烧", "火烤", "受热", "锈"], PrefillItem.HeatOrCorrosion),
    ];

    private static readonly (string[] Words, PostfillItem Item)[] After =
    [
        (["漏"], PostfillItem.LeakTest),
        (["鼓", "变形", "温"], PostfillItem.BulgeOrWarmth),
        (["标签", "封"], PostfillItem.LabelAndSeal),
    ];

    public static IEnumerable<PrefillCheck> BeforeFilling(string text) => text switch
    {
        "" => [],
        Passed => Checks.AllPassed(),
        _ => Checks.AllPassed(Find(text, Before, PrefillItem.Appearance)),
    };

    public static IEnumerable<PostfillCheck> AfterFilling(string text) => text switch
    {
        "" => [],
        Passed => Checks.AllPassedAfter(),
        _ => Checks.AllPassedAfter(Find(text, After, PostfillItem.Reweighing)),
    };

    private static TItem Find<TItem>(string text, (string[] Words, TItem Item)[] table, TItem otherwise)
    {
        foreach (var (words, item) in table)
        {
            if (words.Any(word => text.Contains(word, StringComparison.Ordinal)))
            {
                return item;
            }
        }

        return otherwise;
    }
}
