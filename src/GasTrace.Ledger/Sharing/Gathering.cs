namespace GasTrace.Ledger.Sharing;

/// <summary>
/// Asks for many at once what each would ask alone: a round trip costs about the same for one item and for a hundred. Few are
/// under way at a time; whoever comes meanwhile waits for the next one, together with all who came. So who is alone waits for
/// nobody, and the busier it is the more goes with each: no timer, no artificial delay. Who asks without waiting for the answer
/// has to look first how much waits.
/// </summary>
/// <typeparam name="TItem">What is asked for.</typeparam>
/// <typeparam name="TAnswer">What is answered, for all items at once.</typeparam>
/// <param name="ask">Asks. What it throws each of those who asked hears.</param>
/// <param name="asksAtOnce">How many may be under way.</param>
/// <param name="itemsMax">Most items that go together, unless one alone asks for more.</param>
internal sealed class Gathering<TItem, TAnswer>(Func<IReadOnlyList<TItem>, Task<TAnswer>> ask, int asksAtOnce, int itemsMax)
{
    private readonly Lock gate = new();
    private readonly Queue<Round> waiting = [];
    private Round? open;
    private int asks;
    private int itemsWaiting;

    /// <summary>Items that wait.</summary>
    public int Waiting => Volatile.Read(ref itemsWaiting);

    /// <summary>Asks, together with others; answers with what was answered for all, and where in it these items begin.</summary>
    /// <param name="items">What is asked for.</param>
    /// <param name="cancellationToken">Gives up waiting. What is under way goes on for the others.</param>
    public async ValueTask<(TAnswer Answer, int First)> AskAsync(IReadOnlyList<TItem> items, CancellationToken cancellationToken)
    {
        // Without a turn of the pool for each: see AnswerGroups.
        var answer = new TaskCompletionSource<TAnswer>();
        int first;
        bool begins;
        lock (gate)
        {
            if (open is null || open.Items.Count + items.Count > itemsMax)
            {
                waiting.Enqueue(open = new Round());
            }

            first = open.Items.Count;
            open.Items.AddRange(items);
            open.Answers.Add(answer);
            itemsWaiting += items.Count;
            begins = asks < asksAtOnce;
            asks += begins ? 1 : 0;
        }

        if (begins)
        {
            _ = AskAllAsync();
        }

        using (cancellationToken.UnsafeRegister(static (waiting, cancelled) => ((TaskCompletionSource<TAnswer>)waiting!).TrySetCanceled(cancelled), answer))
        {
            return (await answer.Task, first);
        }
    }

    private async Task AskAllAsync()
    {
        while (TakeRound() is { } round)
        {
            try
            {
                var answered = await ask(round.Items);
                AnswerGroups.Answer(round.Answers.Count, asker => round.Answers[asker].TrySetResult(answered));
            }
#pragma warning disable CA1031 // Whatever went wrong is for those to hear who asked: who come next are asked for all the same.
            catch (Exception error)
#pragma warning restore CA1031
            {
                AnswerGroups.Answer(round.Answers.Count, asker => round.Answers[asker].TrySetException(error));
            }
        }
    }

    private Round? TakeRound()
    {
        lock (gate)
        {
            if (!waiting.TryDequeue(out var round))
            {
                asks--;
                return null;
            }

            itemsWaiting -= round.Items.Count;
            open = waiting.Count == 0 ? null : open;
            return round;
        }
    }

    private sealed class Round
    {
        public List<TItem> Items { get; } = [];

        public List<TaskCompletionSource<TAnswer>> Answers { get; } = [];
    }
}
