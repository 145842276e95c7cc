using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite;

/// <summary>One process at a time owns a data folder; what lies in it is never overwritten.</summary>
public sealed class DataFolder : IDisposable
{
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;
    private static readonly byte[] SqliteMagic = "SQLite format 3\0"u8.ToArray();
    private readonly FileStream lockFile;

    private DataFolder(FileStream lockFile) => this.lockFile = lockFile;

    /// <summary>Takes possession of a folder, creating it when absent.</summary>
    /// <exception cref="StoreStartException">Another process owns it, or it cannot be written.</exception>
    public static DataFolder Own(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new DataFolder(new FileStream(Path.Combine(folder, "gastrace.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StoreStartException(new($"数据目录 '{folder}' 无法写入：{error.Message}", $"The data folder '{folder}' cannot be written: {error.Message}"), error);
        }
        catch (IOException error)
        {
            throw new StoreStartException(new($"数据目录 '{folder}' 正由另一 GasTrace 进程使用，或无法打开：{error.Message}", $"The data folder '{folder}' is in use by another GasTrace process, or cannot be opened: {error.Message}"), error);
        }
    }

    /// <summary>Opens a database and turns what is wrong with it into one sentence.</summary>
    /// <exception cref="StoreStartException">Damaged, or no database at all.</exception>
    public static TResult Guard<TResult>(string path, Func<TResult> open)
    {
        RefuseForeign(path);
        try
        {
            return open();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase)
        {
            throw Damaged(path, error);
        }
        catch (StoreStartException error) when (error.InnerException is SqliteException { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase } cause)
        {
            throw Damaged(path, cause);
        }
    }

    /// <inheritdoc />
    public void Dispose() => lockFile.Dispose();

    private static StoreStartException Damaged(string path, SqliteException error) =>
        new(new($"数据库 '{path}' 已损坏（{error.Message}）。未作任何更改；请在旁边恢复备份。", $"The database '{path}' is damaged ({error.Message}). Nothing was changed; restore a backup beside it."), error);

    private static void RefuseForeign(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var magic = new byte[SqliteMagic.Length];
        file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (!magic.AsSpan().SequenceEqual(SqliteMagic))
        {
            throw new StoreStartException(new($"'{path}' 不是 SQLite 数据库，或其开头已损坏。未作任何更改。", $"'{path}' is not a SQLite database, or its beginning is damaged. Nothing was changed."));
        }
    }
}
