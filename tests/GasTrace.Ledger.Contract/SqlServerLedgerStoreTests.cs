using GasTrace.Ledger.SqlServer;
using GasTrace.Ledger.Storage;
using GasTrace.TestServers;
using Microsoft.Data.SqlClient;

namespace GasTrace.Ledger.Contract;

/// <summary>The suite on a SQL Server.</summary>
public sealed class SqlServerLedgerStoreTests : LedgerStoreContract, IAsyncLifetime
{
    private TestDatabase? database;

    protected override async Task<ILedgerStore> OpenAsync()
    {
        Assert.SkipUnless(TestDatabase.HasServer, TestDatabase.WhySkipped);
        database = await TestDatabase.CreateAsync();
        return await SqlServerLedgerStore.OpenAsync(database.Options, default);
    }

    [Fact]
    public async Task A_database_that_a_newer_version_has_changed_is_refused_and_the_change_is_named()
    {
        await database!.RunAsync("INSERT INTO SchemaVersions (ScriptName, Applied) VALUES (N'9999_of_the_future.sql', SYSUTCDATETIME())");
        var error = await Assert.ThrowsAsync<StoreStartException>(() => SqlServerLedgerStore.OpenAsync(database.Options, default));
        Assert.Contains("9999_of_the_future", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_all_start()
    {
        await using var empty = await TestDatabase.CreateAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SqlServerLedgerStore.OpenAsync(empty.Options, default))));
        Assert.Single(stores.Select(store => store.LedgerId).Distinct());
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_wrong_password_is_one_line_that_does_not_show_it()
    {
        var wrong = new SqlConnectionStringBuilder(database!.Options.ConnectionString) { Password = "wr0ng-Passw0rd" };
        var error = await Assert.ThrowsAsync<StoreStartException>(() => SqlServerLedgerStore.OpenAsync(new SqlServerOptions(wrong.ConnectionString), default));
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("wr0ng-Passw0rd", error.Message, StringComparison.Ordinal);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }
}
