using GasTrace.Ledger.SqlServer;
using GasTrace.Ledger.Storage;
using GasTrace.TestServers;

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

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }
}
