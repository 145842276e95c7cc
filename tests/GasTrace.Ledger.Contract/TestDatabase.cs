using GasTrace.Ledger.SqlServer;
using Microsoft.Data.SqlClient;

namespace GasTrace.Ledger.Contract;

/// <summary>A database of its own on the SQL Server that is named for tests, dropped at the end.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>Names the variable that holds the connection string of a server on which databases may be created.</summary>
    public const string Variable = "GASTRACE_TEST_SQLSERVER";

    private readonly string name = "gastrace_test_" + Guid.NewGuid().ToString("N");
    private readonly string server;

    private TestDatabase(string server) => this.server = server;

    public SqlServerOptions Options => new(new SqlConnectionStringBuilder(server) { InitialCatalog = name, Pooling = false }.ConnectionString);

    /// <summary>Creates one; skips the test when there is no server.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{Variable} holds no connection string: there is no SQL Server to test on.");
        var database = new TestDatabase(server!);
        await database.ExecuteAsync("CREATE DATABASE ");
        return database;
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync("DROP DATABASE ");

    private async Task ExecuteAsync(string what)
    {
        await using var connection = new SqlConnection(server);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The name is this class's own.
        await using var command = new SqlCommand(what + name, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
