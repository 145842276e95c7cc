using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace GasTrace.Ledger.SqlServer;

/// <summary>
/// Connections to the database. A read that meets a passing fault is tried again; whatever is asked has an answer, or a fault,
/// within the deadline.
/// </summary>
internal sealed class SqlServerLink
{
    private static readonly EmbeddedSql Sql = new(typeof(SqlServerLink).Assembly);
    private readonly string connectionString;
    private readonly ResiliencePipeline retries;

    public SqlServerLink(SqlServerOptions options)
    {
        // A server that does not answer the telephone must not take the whole deadline.
        var builder = new SqlConnectionStringBuilder(options.ConnectionString);
        builder.ConnectTimeout = Math.Clamp((int)(options.Deadline.TotalSeconds / 2), 1, builder.ConnectTimeout);
        connectionString = builder.ConnectionString;
        CommandTimeoutSeconds = Math.Max(1, (int)options.Deadline.TotalSeconds);
        retries = new ResiliencePipelineBuilder()
            .AddTimeout(options.Deadline)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(SqlFaults.PassesByItself),
                MaxRetryAttempts = Math.Max(1, options.ReadRetriesMax),
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryDelay,
                UseJitter = true,
            })
            .Build();
    }

    /// <summary>One whose connections end when they are disposed, and with them the session and what it holds.</summary>
    public static SqlServerLink Unpooled(SqlServerOptions options) =>
        new(options with { ConnectionString = new SqlConnectionStringBuilder(options.ConnectionString) { Pooling = false }.ConnectionString });

    /// <summary>How long one command may run.</summary>
    public int CommandTimeoutSeconds { get; }

    /// <summary>Does something that may be done twice.</summary>
    /// <exception cref="SqlException">It failed every time.</exception>
    /// <exception cref="TimeoutRejectedException">The deadline has passed.</exception>
    public ValueTask<TResult> RetryAsync<TResult>(Func<CancellationToken, ValueTask<TResult>> work, CancellationToken cancellationToken) =>
        retries.ExecuteAsync(work, cancellationToken);

    /// <summary>Runs a query, again when a fault passes by itself.</summary>
    /// <exception cref="StoreUnavailableException">It failed.</exception>
    public async Task<TResult> ReadAsync<TResult>(
        string file, Action<SqlCommand> bind, Func<SqlDataReader, CancellationToken, Task<TResult>> read, CancellationToken cancellationToken)
    {
        return await UseAsync(async (connection, cancelled) =>
        {
            await using var command = new SqlCommand(Sql.Of(file), connection) { CommandTimeout = CommandTimeoutSeconds };
            bind(command);
            await using var reader = await command.ExecuteReaderAsync(cancelled);
            return await read(reader, cancelled);
        }, cancellationToken);
    }

    /// <summary>Reads with a connection, again when a fault passes by itself.</summary>
    /// <exception cref="StoreUnavailableException">It failed.</exception>
    public async Task<TResult> UseAsync<TResult>(Func<SqlConnection, CancellationToken, Task<TResult>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await RetryAsync(async cancelled =>
            {
                await using var connection = await ConnectAsync(cancelled);
                return await read(connection, cancelled);
            }, cancellationToken);
        }
        catch (Exception error) when (error is SqlException or TimeoutRejectedException)
        {
            throw SqlFaults.Unavailable(error);
        }
    }

    /// <summary>An open connection.</summary>
    /// <exception cref="StoreUnavailableException">The pool is exhausted.</exception>
    /// <exception cref="SqlException">The server cannot be reached.</exception>
    public async Task<SqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (InvalidOperationException error)
        {
            // An exhausted pool says so in this way.
            await connection.DisposeAsync();
            throw SqlFaults.Unavailable(error);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
