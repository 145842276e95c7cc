using GasTrace.Ledger.Sqlite.Ledger;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>Batches are handed over in their order; who waits for room goes on when there is some, or is told why not.</summary>
public sealed class AppendQueueTests
{
    private const int RoomFor = 4;
    private readonly AppendQueue queue = new();

    [Fact]
    public async Task Who_waits_for_room_goes_on_when_a_batch_is_taken()
    {
        var first = Fill();
        var last = Nothing();
        var waiting = AddAndWait(last, default);
        var taken = Enumerable.Range(0, RoomFor + 1).Select(_ => queue.TryTake(out var append) ? append : null).ToArray();
        await waiting;
        Assert.Equal([.. first, last], taken);
    }

    [Fact]
    public async Task Who_gives_up_waiting_has_handed_nothing_over()
    {
        var first = Fill();
        using var stop = new CancellationTokenSource();
        var waiting = AddAndWait(Nothing(), stop.Token);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        queue.Complete();
        Assert.Equal(first, Rest());
    }

    [Fact]
    public async Task Who_waits_while_it_closes_is_told_so_and_what_was_handed_over_is_taken()
    {
        var first = Fill();
        var waiting = AddAndWait(Nothing(), default);
        queue.Complete();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.Equal(first, Rest());
    }

    private static AppendQueue.Append Nothing() => new(() => []);

    // Answers once the thread stands still in the full queue.
    private Task AddAndWait(AppendQueue.Append append, CancellationToken cancellationToken)
    {
        var added = new TaskCompletionSource();
        var thread = new Thread(() =>
        {
            try
            {
                queue.Add(append, cancellationToken);
                added.SetResult();
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                added.SetException(error);
            }
        })
        { IsBackground = true };
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMinutes(1)));
        return added.Task;
    }

    private AppendQueue.Append[] Fill()
    {
        var appends = Enumerable.Range(0, RoomFor).Select(_ => Nothing()).ToArray();
        Array.ForEach(appends, append => queue.Add(append, default));
        return appends;
    }

    private List<AppendQueue.Append> Rest()
    {
        List<AppendQueue.Append> rest = [];
        while (queue.TryTake(out var append))
        {
            rest.Add(append);
        }

        return rest;
    }
}
