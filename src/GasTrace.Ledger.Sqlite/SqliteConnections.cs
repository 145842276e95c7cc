using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GasTrace.Ledger.Sqlite;

/// <summary>Opens connections with the settings that everything here relies on. A connection is for one thread at a time.</summary>
internal static class SqliteConnections
{
    private const int BusyTimeoutMs = 5_000;

    // Two locks that every call would take for nothing: a connection's own, while none is ever used by two threads at once, and
    // the process's, under which every byte allocated is counted for statistics that nobody asks for.
    static SqliteConnections()
    {
        NativeHeap.KeepWhatIsFreed();
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>A connection that writes: WAL, and durable at commit when full.</summary>
    public static SqliteConnection OpenWriter(string path, SqliteOptions options, bool fullySynchronous)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        Run(connection, $"""
            PRAGMA page_size={options.PageBytes.ToString(CultureInfo.InvariantCulture)};
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous={(fullySynchronous ? "FULL" : "NORMAL")};
            PRAGMA cache_size={Kib(options.WriterCacheMib)};
            PRAGMA wal_autocheckpoint={(fullySynchronous ? "0" : options.CheckpointPages.ToString(CultureInfo.InvariantCulture))};
            PRAGMA temp_store=MEMORY;
            """);
        return connection;
    }

    /// <summary>A connection that only reads.</summary>
    public static SqliteConnection OpenReader(string path, SqliteOptions options)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        Run(connection, $"PRAGMA query_only=1; PRAGMA mmap_size={MappedBytes(options)}; PRAGMA cache_size={Kib(options.ReaderCacheMib)};");
        return connection;
    }

    /// <summary>Runs SQL that gives no rows.</summary>
    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        connection.Open();
        Run(connection, $"PRAGMA busy_timeout={BusyTimeoutMs.ToString(CultureInfo.InvariantCulture)};");
        return connection;
    }

    private static string MappedBytes(SqliteOptions options) => (options.MappedMib * 1_048_576L).ToString(CultureInfo.InvariantCulture);

    // A negative cache_size is KiB; a positive one would be pages.
    private static string Kib(int mib) => (-mib * 1_024L).ToString(CultureInfo.InvariantCulture);
}
