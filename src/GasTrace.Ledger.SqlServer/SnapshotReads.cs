using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;
using Polly;
using Polly.Retry;

namespace GasTrace.Ledger.SqlServer;

/// <summary>
/// Readers read snapshots and take no locks: the database's setting for that, switched on where it is off. That waits until nobody else is
/// connected, so nodes that start at the same time let go of their connections between two tries.
/// </summary>
internal static class SnapshotReads
{
    private const int DatabaseIsLocked = 5061;
    private const int StatementFailed = 5069;
    private const int AgainMax = 11;
    private const int TryWithinSeconds = 5;
    private static readonly EmbeddedSql Sql = new(typeof(SnapshotReads).Assembly);
    private static readonly ResiliencePipeline<SqlException?> Tries = new ResiliencePipelineBuilder<SqlException?>()
        .AddRetry(new RetryStrategyOptions<SqlException?>
        {
            ShouldHandle = new PredicateBuilder<SqlException?>().HandleResult(busy => busy is not null),
            MaxRetryAttempts = AgainMax,
            Delay = TimeSpan.FromMilliseconds(500),
            UseJitter = true,
        })
        .Build();

    /// <summary>Switches it on, unless it is.</summary>
    /// <exception cref="StoreStartException">Others stay connected.</exception>
    /// <exception cref="SqlException">The database cannot be reached or changed.</exception>
    public static async Task UseAsync(SqlServerOptions options, CancellationToken cancellationToken)
    {
        var link = SqlServerLink.Unpooled(options);
        if (await Tries.ExecuteAsync(async cancelled => await TryAsync(link, cancelled), cancellationToken) is { } busy)
        {
            throw new StoreStartException(
                new("数据库的 READ_COMMITTED_SNAPSHOT 未打开，且有其他连接时无法打开。请运行 'ALTER DATABASE … SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE' 后再启动。", "The database has READ_COMMITTED_SNAPSHOT off, and it cannot be switched on while others are connected. Run 'ALTER DATABASE … SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE' and start again."),
                busy);
        }
    }

    // What kept it from being done; null when it is.
    private static async Task<SqlException?> TryAsync(SqlServerLink link, CancellationToken cancellationToken)
    {
        await using var connection = await link.ConnectAsync(cancellationToken);
        await using var use = new SqlCommand(Sql.Of("Sql.use_snapshots"), connection) { CommandTimeout = TryWithinSeconds };
        try
        {
            await use.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }
        catch (SqlException busy) when (busy.Number is DatabaseIsLocked or StatementFailed or SqlFaults.TimedOut or SqlFaults.DeadlockVictim or SqlFaults.LockTimeout)
        {
            return busy;
        }
    }
}
