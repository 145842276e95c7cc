using System.Data;
using DbUp;
using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;

namespace GasTrace.Ledger.SqlServer;

/// <summary>
/// Numbered scripts, embedded, run once each by DbUp. Nodes that start at the same time take turns: DbUp reads what has been run before it
/// runs anything, and of two that read an empty journal one would fail.
/// </summary>
internal static class SqlServerMigrations
{
    private const string Prefix = "GasTrace.Ledger.SqlServer.Migrations.";
    private static readonly EmbeddedSql Sql = new(typeof(SqlServerMigrations).Assembly);
    private static readonly TimeSpan TurnWithin = TimeSpan.FromMinutes(1);

    // The server ends the wait; the client only when that does not answer.
    private static readonly TimeSpan TurnAnsweredWithin = TurnWithin + TimeSpan.FromSeconds(10);

    /// <summary>Brings a database up to date; refuses one that is newer than this program.</summary>
    /// <param name="options">How to reach the database.</param>
    /// <param name="cancellationToken">Ends the wait for a turn.</param>
    /// <exception cref="StoreStartException">It cannot be changed, is newer, or another node has been changing it for a minute.</exception>
    /// <exception cref="SqlException">It cannot be reached.</exception>
    public static async Task RunAsync(SqlServerOptions options, CancellationToken cancellationToken)
    {
        // The turn is the session's: it ends with the connection, whatever ends that. The scripts run on connections of their own.
        await using var turn = await SqlServerLink.Unpooled(options).ConnectAsync(cancellationToken);
        await TakeTurnAsync(turn, cancellationToken);
        Run(options);
    }

    private static async Task TakeTurnAsync(SqlConnection connection, CancellationToken cancellationToken)
    {
        await using var take = new SqlCommand(Sql.Of("Sql.take_migration_turn"), connection) { CommandTimeout = (int)TurnAnsweredWithin.TotalSeconds };
        take.Parameters.Add("@milliseconds", SqlDbType.Int).Value = (int)TurnWithin.TotalMilliseconds;
        if ((int)(await take.ExecuteScalarAsync(cancellationToken))! < 0)
        {
            throw new StoreStartException(new($"另一节点更新数据库结构已 {TurnWithin.TotalSeconds:F0} 秒，请待其完成后再启动。", $"Another node has been bringing the schema up to date for {TurnWithin.TotalSeconds:F0} s. Start again when it is done."));
        }
    }

    private static void Run(SqlServerOptions options)
    {
        var engine = DeployChanges.To.SqlDatabase(options.ConnectionString)
            .WithScriptsEmbeddedInAssembly(typeof(SqlServerMigrations).Assembly, name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build();
        try
        {
            var known = engine.GetDiscoveredScripts().Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
            if (engine.GetExecutedScripts().FirstOrDefault(name => !known.Contains(name)) is { } newer)
            {
                throw new StoreStartException(new($"数据库已有结构变更 '{newer}'，本版本 GasTrace 不识别：它由更新的版本写入。", $"The database has the schema change '{newer}', which this version of GasTrace does not know: it was written by a newer one."));
            }
        }
        catch (SqlException error)
        {
            throw SqlFaults.Start(error);
        }

        var result = engine.PerformUpgrade();
        if (!result.Successful)
        {
            throw SqlFaults.Start(result.Error);
        }
    }
}
