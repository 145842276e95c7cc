using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Storage;
using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Contract;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    private SqliteOptions Options => new(folder.FullName);

    protected override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(SqliteLedgerStore.Open(Options));
}

public sealed class SqliteFolderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    private SqliteOptions Options => new(folder.FullName);

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_committed_is_there_when_the_store_is_opened_again()
    {
        string id;
        await using (var store = SqliteLedgerStore.Open(Options))
        {
            id = store.LedgerId;
            await store.AppendAsync([Check.Unit(3, new CardKey("card:1"), claims: ["r:1"])], default);
        }

        await using var again = SqliteLedgerStore.Open(Options);
        Assert.Equal((id, 3L, 2L), (again.LedgerId, await again.GetHeadAsync(default), await again.FindClaimAsync("r:1", default)));
        Assert.Equal(1, (await again.GetCardsAsync([new CardKey("card:1")], default))[0].Version);
    }

    [Fact]
    public async Task A_second_owner_of_the_folder_is_told_so()
    {
        await using var store = SqliteLedgerStore.Open(Options);
        var error = Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Contains("in use by another GasTrace process", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no database, and it is longer than a header of one")]
    [InlineData("SQLite format 3\0 followed by rubbish that is no database at all, and then some more of it")]
    public void A_file_that_is_no_database_is_reported_and_not_touched(string content)
    {
        File.WriteAllText(Options.LedgerPath, content);
        Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Equal(content, File.ReadAllText(Options.LedgerPath));
    }

    [Fact]
    public async Task A_ledger_whose_head_and_entries_disagree_is_reported()
    {
        await using (var store = SqliteLedgerStore.Open(Options))
        {
            await store.AppendAsync([Check.Unit(3)], default);
        }

        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.LedgerPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM ledger WHERE position = 2";
            command.ExecuteNonQuery();
        }

        var error = Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_from_the_future_is_refused()
    {
        await SqliteLedgerStore.Open(Options).DisposeAsync();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.LedgerPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('GasTrace.Ledger.Sqlite.Ledger.Migrations.9999_future.sql', '2030-01-01')";
            command.ExecuteNonQuery();
        }

        var error = Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Contains("newer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_made_while_the_store_is_written_and_opens_as_a_ledger()
    {
        var target = Path.Combine(folder.FullName, "copy", "ledger.db");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var store = SqliteLedgerStore.Open(Options);
        await store.AppendAsync([Check.Unit(5)], default);
        Assert.Equal(5, await SqliteBackup.RunAsync(Options, target, default));
        await store.AppendAsync([Check.Unit(1)], default);
        await using var copy = SqliteLedgerStore.Open(new SqliteOptions(Path.GetDirectoryName(target)!));
        Assert.Equal((store.LedgerId, 5L), (copy.LedgerId, await copy.GetHeadAsync(default)));
        await Assert.ThrowsAsync<StoreStartException>(() => SqliteBackup.RunAsync(Options, target, default));
    }
}
