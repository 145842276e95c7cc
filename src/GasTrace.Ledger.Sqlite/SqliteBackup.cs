using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GasTrace.Ledger.Sqlite;

/// <summary>
/// Copies a ledger while it is in use, into a folder that can be served as it is. The cards' snapshot is taken before the
/// ledger's, so that the ledger's copy leads on from what the cards' copy holds.
/// </summary>
public static class SqliteBackup
{
    private const int PagesPerStep = 4_096;
    private const int SnapshotsMax = 20;

    /// <summary>Copies the ledger of a folder into a folder that is empty or does not exist; answers how many entries it holds.</summary>
    /// <exception cref="StoreStartException">There is no ledger, it is damaged, or the target holds something.</exception>
    public static Task<long> RunAsync(SqliteOptions options, string target, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.LedgerPath) || !File.Exists(options.CardsPath))
        {
            throw new StoreStartException(new($"'{options.Folder}' 中没有账本。", $"There is no ledger in '{options.Folder}'."));
        }

        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new StoreStartException(new($"'{target}' 已存在；备份不覆盖任何内容。", $"'{target}' exists; a backup overwrites nothing."));
        }

        var copy = new SqliteOptions(target);
        Directory.CreateDirectory(target);
        // Long work on files, nothing to await: on a thread of its own.
        return Task.Factory.StartNew(() => Copy(options, copy, progress, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static long Copy(SqliteOptions options, SqliteOptions copy, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        try
        {
            using var cards = DataFolder.Guard(options.CardsPath, () => SqliteConnections.OpenReader(options.CardsPath, options));
            using var ledger = DataFolder.Guard(options.LedgerPath, () => SqliteConnections.OpenReader(options.LedgerPath, options));
            var entries = TakeSnapshots(cards, ledger);
            Copy(cards, copy.CardsPath, progress: null, cancellationToken);
            Copy(ledger, copy.LedgerPath, progress, cancellationToken);
            return entries;
        }
        catch (Exception error) when (error is SqliteException or OperationCanceledException)
        {
            // What is half a copy must not be taken for a whole one.
            File.Delete(copy.LedgerPath);
            File.Delete(copy.CardsPath);
            throw error is SqliteException ? new StoreStartException(new($"账本无法复制：{error.Message}", $"The ledger could not be copied: {error.Message}"), error) : error;
        }
    }

    // Between the two snapshots the ledger may have forgotten changes that the cards' snapshot lacks: then once more.
    private static long TakeSnapshots(SqliteConnection cards, SqliteConnection ledger)
    {
        for (var attempt = 0; attempt < SnapshotsMax; attempt++)
        {
            var flushed = Begin(cards, "Cards.Sql.select_head", 0);
            var entries = Begin(ledger, "Ledger.Sql.select_snapshot", 0);
            if (Read(ledger, SqlText.Of("Ledger.Sql.select_snapshot"), 1) <= flushed)
            {
                return entries;
            }

            End(cards);
            End(ledger);
        }

        throw new StoreStartException(new("账本变化太快，无法复制；请在较空闲时重试。", "The ledger changed too fast to be copied; try again at a quieter moment."));
    }

    private static long Begin(SqliteConnection connection, string file, int column)
    {
        using var begin = new SqliteStatement(connection.Handle!, "BEGIN");
        begin.Run();
        return Read(connection, SqlText.Of(file), column);
    }

    private static void End(SqliteConnection connection)
    {
        using var end = new SqliteStatement(connection.Handle!, "COMMIT");
        end.Run();
    }

    private static long Read(SqliteConnection connection, string sql, int column)
    {
        using var statement = new SqliteStatement(connection.Handle!, sql);
        statement.Next();
        return statement.Int64(column);
    }

    private static void Copy(SqliteConnection source, string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        target.Open();
        using var backup = raw.sqlite3_backup_init(target.Handle!, "main", source.Handle!, "main");
        int result;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = raw.sqlite3_backup_step(backup, PagesPerStep);
            var pages = raw.sqlite3_backup_pagecount(backup);
            progress?.Report(pages == 0 ? 1 : 1 - ((double)raw.sqlite3_backup_remaining(backup) / pages));
        }
        while (result == raw.SQLITE_OK);

        if (result != raw.SQLITE_DONE)
        {
            throw new SqliteException(raw.sqlite3_errmsg(target.Handle!).utf8_to_string(), result & 0xFF, result);
        }
    }
}
