using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite;

/// <summary>Copies a ledger while it is in use: one read transaction, so the copy is one moment's state.</summary>
public static class SqliteBackup
{
    /// <summary>Copies the ledger of a folder into a file that does not exist; answers how many entries it holds.</summary>
    /// <exception cref="StoreStartException">There is no ledger, it is damaged, or the file exists.</exception>
    public static async Task<long> RunAsync(SqliteOptions options, string target, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.LedgerPath))
        {
            throw new StoreStartException($"There is no ledger in '{options.Folder}'.");
        }

        if (File.Exists(target))
        {
            throw new StoreStartException($"'{target}' exists; a backup overwrites nothing.");
        }

        try
        {
            using (var source = DataFolder.Guard(options.LedgerPath, () => SqliteConnections.OpenReader(options.LedgerPath, options)))
            using (var copy = source.CreateCommand())
            {
                copy.CommandText = "PRAGMA query_only=0; VACUUM INTO $target;";
                copy.Parameters.AddWithValue("$target", target);
                await copy.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            using var made = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = target, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            await made.OpenAsync(cancellationToken).ConfigureAwait(false);
            using var count = made.CreateCommand();
            count.CommandText = SqlText.Of("Ledger.Sql.select_head");
            return (long)(await count.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
        catch (SqliteException error)
        {
            throw new StoreStartException($"The ledger could not be copied: {error.Message}", error);
        }
    }
}
