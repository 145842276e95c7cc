using GasTrace.Ledger.SqlServer;
using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;

namespace GasTrace.Ledger.Contract;

/// <summary>The suite on a SQL Server, in a database of its own that is dropped at the end.</summary>
public sealed class SqlServerLedgerStoreTests : LedgerStoreContract, IAsyncLifetime
{
    /// <summary>Names the variable that holds the connection string of a server on which databases may be created.</summary>
    public const string Variable = "GASTRACE_TEST_SQLSERVER";

    private readonly string database = "gastrace_test_" + Guid.NewGuid().ToString("N");
    private string? server;

    protected override async Task<ILedgerStore> OpenAsync()
    {
        server = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{Variable} holds no connection string: there is no SQL Server to test on.");
        await ExecuteAsync($"CREATE DATABASE {database}");
        return await SqlServerLedgerStore.OpenAsync(new SqlServerOptions(new SqlConnectionStringBuilder(server) { InitialCatalog = database, Pooling = false }.ConnectionString), default);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        if (!string.IsNullOrEmpty(server))
        {
            await ExecuteAsync($"DROP DATABASE {database}");
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqlConnection(server);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
