using GasTrace.Domain.Deciding;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Moving;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.SqlServer;
using GasTrace.Ledger.SqlServer.Moving;
using GasTrace.Ledger.Storage;
using GasTrace.TestServers;

namespace GasTrace.Ledger.Contract;

/// <summary>A ledger is copied whole, however often that is cut off, and a copy that differs is not opened.</summary>
public sealed class LedgerCopyTests : IDisposable
{
    private const int Units = 3_500;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Cut_off_after_every_write_it_goes_on_where_it_was_and_loses_nothing()
    {
        await FillAsync();
        await using var target = new InMemoryLedgerTarget();
        LedgerDigest? copied = null;
        for (var cuts = 0; copied is null; cuts++)
        {
            Assert.True(cuts < 100);
            await using var source = await SqliteLedgerSource.OpenAsync(new SqliteOptions(folder.FullName));
            target.WritesLeft = 1;
            try
            {
                copied = await LedgerCopy.RunAsync(source, target, said: null, default);
            }
            catch (StoreUnavailableException)
            {
                Assert.False(target.IsFinished);
            }
        }

        Assert.True(target.IsFinished);
        Assert.Equal((2 * Units, 500, Units), (copied.Entries, copied.Cards, copied.Claims));
        await using var again = await SqliteLedgerSource.OpenAsync(new SqliteOptions(folder.FullName));
        Assert.Equal(copied, await LedgerDigest.OfAsync(again, null, default));
        await Assert.ThrowsAsync<StoreStartException>(() => LedgerCopy.RunAsync(again, target, said: null, default));
    }

    [Fact]
    public async Task A_copy_that_differs_in_one_byte_is_not_opened()
    {
        await FillAsync();
        await using var source = await SqliteLedgerSource.OpenAsync(new SqliteOptions(folder.FullName));
        await using var target = new InMemoryLedgerTarget { WritesLeft = 9 };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => LedgerCopy.RunAsync(source, target, said: null, default));
        var card = target.Cards[0];
        var state = card.State.ToArray();
        state[0] ^= 1;
        target.Cards[0] = card with { State = state };
        target.WritesLeft = int.MaxValue;
        var error = await Assert.ThrowsAsync<CopyDiffersException>(() => LedgerCopy.RunAsync(source, target, said: null, default));
        Assert.Contains("not opened", error.Message, StringComparison.Ordinal);
        Assert.False(target.IsFinished);
    }

    [Fact]
    public async Task A_source_that_lost_the_card_behind_which_the_copy_goes_on_is_said_so()
    {
        await FillAsync();
        await using var source = await SqliteLedgerSource.OpenAsync(new SqliteOptions(folder.FullName));
        var error = await Assert.ThrowsAsync<StoreStartException>(() => source.ReadCardsAsync("card:undone", 10, default));
        Assert.Contains("card:undone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_ledger_is_said_so() =>
        await Assert.ThrowsAsync<StoreStartException>(() => SqliteLedgerSource.OpenAsync(new SqliteOptions(folder.FullName)));

    [Fact]
    public async Task A_folder_in_use_is_said_so()
    {
        await using var owner = SqliteLedgerStore.Open(new SqliteOptions(folder.FullName));
        await Assert.ThrowsAsync<StoreStartException>(() => SqliteLedgerSource.OpenAsync(new SqliteOptions(folder.FullName)));
    }

    [Fact]
    public async Task On_sql_server_the_copy_is_the_ledger_and_is_served_only_when_it_is_whole()
    {
        Assert.SkipUnless(TestDatabase.HasServer, TestDatabase.WhySkipped);
        await using var database = await TestDatabase.CreateAsync();
        await FillAsync();
        await using var source = await SqliteLedgerSource.OpenAsync(new SqliteOptions(folder.FullName));
        await using (var begun = await SqlServerLedgerTarget.OpenAsync(database.Options, default))
        {
            await begun.BeginAsync(source.LedgerId, default);
        }

        await Assert.ThrowsAsync<StoreStartException>(() => SqlServerLedgerStore.OpenAsync(database.Options, default));
        await using var target = await SqlServerLedgerTarget.OpenAsync(database.Options, default);
        var copied = await LedgerCopy.RunAsync(source, target, said: null, default);
        Assert.Equal(2 * Units, copied.Entries);
        await using var store = await SqlServerLedgerStore.OpenAsync(database.Options, default);
        Assert.Equal(source.LedgerId, store.LedgerId);
        Assert.Equal(7, (await store.GetCardsAsync([new CardKey("cylinder:1")], default))[0].Version);
    }

    // Seven times over each of five hundred cylinders.
    private async Task FillAsync()
    {
        await using var store = SqliteLedgerStore.Open(new SqliteOptions(folder.FullName));
        for (var round = 0; round < Units / 500; round++)
        {
            await store.AppendAsync([.. Enumerable.Range(0, 500).Select(n => Check.Unit(2, new CardKey($"cylinder:{n}"), round, (byte)(n + round), $"r:{round}/{n}"))], default);
        }
    }
}
