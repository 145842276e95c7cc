using GasTrace.Ledger.SqlServer;
using Microsoft.Data.SqlClient;

namespace GasTrace.TestServers;

/// <summary>A database of its own on the SQL Server that is named for tests, dropped at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>Names the variable that holds the connection string of a server on which databases may be created.</summary>
    public const string Variable = "GASTRACE_TEST_SQLSERVER";

    private const int DropAttempts = 40;
    private static readonly TimeSpan DropInterval = TimeSpan.FromMilliseconds(250);
    private readonly string name = "gastrace_test_" + Guid.NewGuid().ToString("N");
    private readonly string server;

    private TestDatabase(string server) => this.server = server;

    /// <summary>How to reach it.</summary>
    public SqlServerOptions Options => new(new SqlConnectionStringBuilder(server) { InitialCatalog = name, Pooling = false }.ConnectionString);

    /// <summary>Whether there is a server to test on.</summary>
    public static bool HasServer => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Why a test is skipped when there is none.</summary>
    public static string WhySkipped => $"{Variable} holds no connection string: there is no SQL Server to test on.";

    /// <summary>Creates one.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase(Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidOperationException(WhySkipped));
        await database.ExecuteAsync("CREATE DATABASE ");
        return database;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // A process that was killed may still have connections, as far as the server knows.
        for (var attemptsLeft = DropAttempts; ; attemptsLeft--)
        {
            try
            {
                await ExecuteAsync("DROP DATABASE ");
                return;
            }
            catch (SqlException) when (attemptsLeft > 0)
            {
                await Task.Delay(DropInterval);
            }
        }
    }

    /// <summary>Runs a statement in the database.</summary>
    public async Task RunAsync(string sql)
    {
        await using var connection = new SqlConnection(Options.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Tests state what they run.
        await using var command = new SqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

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
