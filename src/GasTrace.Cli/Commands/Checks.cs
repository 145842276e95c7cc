using GasTrace.V1;

namespace GasTrace.Cli.Commands;

/// <summary>Checks before and after filling, as a terminal would send them.</summary>
internal static class Checks
{
    /// <summary>Every pre-fill item passed, but for one that failed.</summary>
    public static IEnumerable<PrefillCheck> AllPassed(PrefillItem failed = PrefillItem.Unspecified) => Enum.GetValues<PrefillItem>()
        .Where(item => item != PrefillItem.Unspecified)
        .Select(item => new PrefillCheck { Item = item, Outcome = item == failed ? CheckOutcome.Failed : CheckOutcome.Passed });

    /// <summary>Every post-fill item passed, but for one that failed.</summary>
    public static IEnumerable<PostfillCheck> AllPassedAfter(PostfillItem failed = PostfillItem.Unspecified) => Enum.GetValues<PostfillItem>()
        .Where(item => item != PostfillItem.Unspecified)
        .Select(item => new PostfillCheck { Item = item, Outcome = item == failed ? CheckOutcome.Failed : CheckOutcome.Passed });
}
