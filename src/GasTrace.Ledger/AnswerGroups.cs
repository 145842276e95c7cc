namespace GasTrace.Ledger;

/// <summary>
/// Answers many callers who wait for the same. They go on in their answers, and who answers must not wait for them; a turn of the
/// pool for each would cost more than what they do. So some are answered together.
/// </summary>
internal static class AnswerGroups
{
    private const int AnsweredTogether = 16;

    /// <summary>Answers each caller by number, soon.</summary>
    public static void Answer(int callers, Action<int> answer)
    {
        for (var first = 0; first < callers; first += AnsweredTogether)
        {
            _ = AnswerAsync(first, Math.Min(callers, first + AnsweredTogether), answer);
        }
    }

    private static async Task AnswerAsync(int first, int end, Action<int> answer)
    {
        await Task.Yield();
        for (var caller = first; caller < end; caller++)
        {
            answer(caller);
        }
    }
}
