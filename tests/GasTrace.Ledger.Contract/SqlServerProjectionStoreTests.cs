using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.SqlServer;
using GasTrace.Ledger.SqlServer.Projections;
using GasTrace.TestServers;

namespace GasTrace.Ledger.Contract;

/// <summary>The typed tables on a SQL Server.</summary>
public sealed class SqlServerProjectionStoreTests : ProjectionStoreContract, IAsyncDisposable
{
    private readonly List<TestDatabase> databases = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    protected override async Task<IProjectionStore> OpenAsync()
    {
        Assert.SkipUnless(TestDatabase.HasServer, TestDatabase.WhySkipped);
        var database = await TestDatabase.CreateAsync();
        databases.Add(database);
        await using var ledger = await SqlServerLedgerStore.OpenAsync(database.Options, default);
        return new SqlServerProjectionStore(database.Options);
    }
}
