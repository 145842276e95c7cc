using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>A store that is closed while many append: what it took in is written and answered, and the rest is refused.</summary>
public sealed class ClosingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_taken_in_before_it_closed_is_written_and_nothing_after()
    {
        const int Callers = 16;
        var options = new SqliteOptions(folder.FullName);
        var store = SqliteLedgerStore.Open(options);
        var answered = 0;
        var warm = new TaskCompletionSource();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var number = 0; ; number++)
            {
                try
                {
                    var result = await store.AppendAsync([Unit($"r:{caller}/{number}")], TestContext.Current.CancellationToken);
                    Assert.Equal(UnitFate.Committed, result.Outcomes[0].Fate);
                }
                catch (ObjectDisposedException)
                {
                    return;
                }

                if (Interlocked.Increment(ref answered) > 100)
                {
                    warm.TrySetResult();
                }
            }
        })).ToArray();

        await warm.Task;
        await store.DisposeAsync();
        await Task.WhenAll(callers);

        await using var again = SqliteLedgerStore.Open(options);
        Assert.Equal(answered, await again.GetHeadAsync(TestContext.Current.CancellationToken));
    }

    private static AppendUnit Unit(string claim) =>
        new([new NewEntry(new EntryHeader(20, "subject", "S1", "320102", "LPG", 1_000), new byte[] { 1 })], [], [], [claim]);
}
