using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Tests;

/// <summary>One batch at a time; who waited for one that failed hears the same, and who comes later tries anew.</summary>
public sealed class AppendTurnsTests : IDisposable
{
    private static readonly AppendUnit Unit = new([], [], [], []);
    private readonly AppendTurns turns = new();
    private readonly TaskCompletionSource<AppendResult> first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => turns.Dispose();

    [Fact]
    public async Task Who_waited_for_a_batch_that_the_store_was_not_there_for_hears_the_same_without_being_fetched()
    {
        var failing = turns.RunAsync(() => [Unit], _ => first.Task, default);
        var waiting = turns.RunAsync(() => throw new InvalidOperationException("fetched"), _ => first.Task, default);
        first.SetException(new StoreUnavailableException("It is away."));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => failing);
        Assert.Equal("It is away.", (await Assert.ThrowsAsync<StoreUnavailableException>(() => waiting)).Message);
        Assert.Equal(7, (await turns.RunAsync(() => [Unit], _ => Task.FromResult(new AppendResult(7, [])), default)).FirstPosition);
    }

    [Fact]
    public async Task Another_failure_is_its_own_batchs_alone()
    {
        var failing = turns.RunAsync(() => [Unit], _ => first.Task, default);
        var waiting = turns.RunAsync(() => [Unit], _ => Task.FromResult(new AppendResult(7, [])), default);
        first.SetException(new InvalidDataException());
        await Assert.ThrowsAsync<InvalidDataException>(() => failing);
        Assert.Equal(7, (await waiting).FirstPosition);
    }

    [Fact]
    public async Task Nothing_to_append_is_not_appended()
    {
        Assert.Same(AppendResult.Nothing, await turns.RunAsync(() => [], _ => throw new InvalidOperationException(), default));
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_fetched_and_holds_nobody_up()
    {
        using var stop = new CancellationTokenSource();
        var running = turns.RunAsync(() => [Unit], _ => first.Task, default);
        var waiting = turns.RunAsync(() => throw new InvalidOperationException("fetched"), _ => first.Task, stop.Token);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.SetResult(AppendResult.Nothing);
        await running;
        Assert.Same(AppendResult.Nothing, await turns.RunAsync(() => [], _ => throw new InvalidOperationException(), default));
    }
}
