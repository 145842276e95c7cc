using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.Server.Hosting;
using GasTrace.Server.Supervision;

namespace GasTrace.Server.Tests;

public sealed class CursorDeskTests : IAsyncDisposable
{
    private readonly LedgerWriter writer;
    private readonly CursorDesk desk;

    public CursorDeskTests()
    {
        var store = new InMemoryLedgerStore();
        var tail = new LedgerTail(0);
        writer = new LedgerWriter(store, tail);
        desk = new CursorDesk(new CardCache(store), writer, new LedgerReader(store, tail), GasTraceOptions.OnSqlite("nowhere"));
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    [Fact]
    public async Task What_was_given_is_confirmed_after_the_end_of_its_subscription_too_and_of_many_that_ended_for_the_latest()
    {
        await GiveAsync("first", 7);
        Assert.Equal(6, (await desk.AcknowledgeAsync("first", 6, default)).Reply);
        var again = await GiveAsync("open", 5, isClosed: false);
        await GiveAsync("reopened", 5);
        var reopened = await GiveAsync("reopened", 9, isClosed: false);
        for (var n = 0; n < ServerLimits.EndedCursorsMax; n++)
        {
            await GiveAsync($"other-{n}", 3);
        }

        // As after a restart: the next subscription begins at what is confirmed.
        Assert.Equal("CURSOR_NOT_GIVEN", (await desk.AcknowledgeAsync("first", 7, default)).Rejection?.Reason);
        Assert.Equal(6, (await desk.OpenAsync("first", default)).Confirmed);
        Assert.Equal(3, (await desk.AcknowledgeAsync("other-0", 3, default)).Reply);

        // Those that are read now stay known, however many end.
        Assert.Equal(5, (await desk.AcknowledgeAsync("open", 5, default)).Reply);
        Assert.Equal(9, (await desk.AcknowledgeAsync("reopened", 9, default)).Reply);
        Assert.False(again.Taken.IsCancellationRequested || reopened.Taken.IsCancellationRequested);
    }

    private async Task<CursorReading> GiveAsync(string name, long given, bool isClosed = true)
    {
        var reading = await desk.OpenAsync(name, default);
        reading.Given = given;
        if (isClosed)
        {
            desk.Close(name, reading);
        }

        return reading;
    }
}
