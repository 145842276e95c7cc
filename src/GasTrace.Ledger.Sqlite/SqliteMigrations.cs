using DbUp;
using DbUp.Engine;
using DbUp.Sqlite.Helpers;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite;

/// <summary>Numbered scripts, embedded, run once each by DbUp.</summary>
internal static class SqliteMigrations
{
    /// <summary>Brings a database up to date; refuses one that is newer than this program.</summary>
    /// <param name="path">The database.</param>
    /// <param name="area">Folder of the scripts: <c>Ledger</c>, <c>Cards</c> or <c>Projections</c>.</param>
    /// <param name="options">How to make it when it is not there.</param>
    /// <exception cref="StoreStartException">Newer, damaged or of another kind.</exception>
    public static void Run(string path, string area, SqliteOptions options)
    {
        using var connection = SqliteConnections.OpenWriter(path, options, fullySynchronous: true);

        // What sorts millions of rows does so on the disk.
        SqliteConnections.Run(connection, "PRAGMA temp_store=FILE;");
        connection.CreateFunction("place_of", (byte[] key) => options.CardTable.Of(key), isDeterministic: true);
        var prefix = $"{typeof(SqliteMigrations).Namespace}.{area}.Migrations.";
        using var shared = new SharedConnection(connection);
        var engine = DeployChanges.To.SqliteDatabase(shared)
            .WithScriptsEmbeddedInAssembly(typeof(SqliteMigrations).Assembly, name => name.StartsWith(prefix, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build();
        var known = engine.GetDiscoveredScripts().Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        if (engine.GetExecutedScripts().FirstOrDefault(name => !known.Contains(name)) is { } newer)
        {
            throw new StoreStartException(new($"'{path}' 已有结构变更 '{newer}'，本版本 GasTrace 不识别：它由更新的版本写入。", $"'{path}' has the schema change '{newer}', which this version of GasTrace does not know: it was written by a newer one."));
        }

        DatabaseUpgradeResult result = engine.PerformUpgrade();
        if (!result.Successful)
        {
            throw new StoreStartException(new($"'{path}' 的结构无法更新：{result.Error.Message}", $"'{path}' could not be brought up to date: {result.Error.Message}"), result.Error);
        }
    }
}
