using DbUp;
using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;

namespace GasTrace.Ledger.SqlServer;

/// <summary>Numbered scripts, embedded, run once each by DbUp.</summary>
internal static class SqlServerMigrations
{
    private const string Prefix = "GasTrace.Ledger.SqlServer.Migrations.";

    /// <summary>Brings a database up to date; refuses one that is newer than this program.</summary>
    /// <exception cref="StoreStartException">It cannot be reached or changed, or is newer.</exception>
    public static void Run(SqlServerOptions options)
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
                throw new StoreStartException($"The database has the schema change '{newer}', which this version of GasTrace does not know: it was written by a newer one.");
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
