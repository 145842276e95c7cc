using GasTrace.Server.Filling;

namespace GasTrace.Server.Tests;

/// <summary>Turns that are waited for come, whoever else has one.</summary>
public sealed class DecisionTurnsTests
{
    private readonly DecisionTurns turns = new();

    // Many times more than are taken in one go.
    [Fact]
    public async Task Every_turn_comes_whoever_enters_while_others_are_taken()
    {
        var taken = new int[10_000];
        await Parallel.ForAsync(0, taken.Length, async (caller, _) =>
        {
            await turns.Next();
            Interlocked.Increment(ref taken[caller]);
        });
        Assert.All(taken, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task Whoever_enters_again_in_a_turn_gets_another()
    {
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            for (var round = 0; round < 100; round++)
            {
                await turns.Next();
                Interlocked.Increment(ref taken);
            }
        }));
        Assert.Equal(10_000, taken);
    }

    [Fact]
    public async Task Whoever_waits_in_a_turn_lets_the_next_one_go_on_and_whoever_fails_fails_alone()
    {
        var card = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task<int> DecideAsync(int caller)
        {
            await turns.Next();
            await (caller == 0 ? card.Task : Task.CompletedTask);
            return caller % 2 == 1 ? throw new InvalidOperationException("A defect.") : caller;
        }

        var decisions = Enumerable.Range(0, 200).Select(DecideAsync).ToArray();
        for (var caller = 1; caller < decisions.Length; caller++)
        {
            if (caller % 2 == 1)
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => decisions[caller]);
            }
            else
            {
                Assert.Equal(caller, await decisions[caller]);
            }
        }

        Assert.False(decisions[0].IsCompleted);
        card.SetResult();
        Assert.Equal(0, await decisions[0]);
    }
}
