using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace GasTrace.Ledger.Sqlite.Ledger;

/// <summary>
/// Copies the write-ahead log into the database beside the writer, so that commits do not wait for it. Under steady load the
/// log has grown on by the time a checkpoint ends (which counts only what there was when it began), so it would never start
/// over: when it is long, the writer is asked to copy the little that was added, between two batches. Whoever copies the last of
/// it also waits until the database is on the disk, so what was copied before is brought there first, beside the writer too.
/// </summary>
internal sealed class SqliteCheckpointer : IDisposable
{
    // Pages that change again and again are copied once a checkpoint, and commits wait for the disk meanwhile: not too often, and
    // not at all while nothing happens. A batch of one unit writes some three pages of the log, one of a hundred hardly twice as many.
    private const int UnitsWorthIt = 16_384;
    private const int UnitsOfABatch = 64;
    private const int TurnsIdleMax = 25;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(200);
    private readonly SqliteConnection connection;
    private readonly SafeFileHandle ledgerFile;
    private readonly int longPages;
    private readonly BackgroundThread thread;
    private readonly ManualResetEventSlim stop = new();
    private int finishWanted;
    private long units;

    /// <summary>Starts it.</summary>
    /// <param name="options">Of the store.</param>
    /// <param name="ledgerFile">
    /// The ledger's database. It must stay open for as long as any connection: to close a file takes from the process every lock that it has on it.
    /// </param>
    public SqliteCheckpointer(SqliteOptions options, SafeFileHandle ledgerFile)
    {
        this.ledgerFile = ledgerFile;
        connection = SqliteConnections.OpenWriter(options.LedgerPath, options with { WriterCacheMib = 2 }, fullySynchronous: true);
        longPages = options.CheckpointPages;
        thread = new BackgroundThread("ledger-checkpoint", Loop);
    }

    /// <summary>Called by the writer between batches, with how many units the last one held.</summary>
    public void FinishIfWanted(SqliteConnection writer, int batchUnits)
    {
        Interlocked.Add(ref units, batchUnits + UnitsOfABatch);
        if (Interlocked.Exchange(ref finishWanted, 0) == 1)
        {
            raw.sqlite3_wal_checkpoint_v2(writer.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        }
    }

    public void Dispose()
    {
        stop.Set();
        thread.Join();
        connection.Dispose();
        stop.Dispose();
    }

    private void Loop()
    {
        var turns = 0;
        while (!stop.Wait(Turn))
        {
            turns++;
            var waiting = Interlocked.Read(ref units);
            if (waiting < UnitsWorthIt && (waiting == 0 || turns < TurnsIdleMax))
            {
                continue;
            }

            turns = 0;
            Interlocked.Add(ref units, -waiting);
            // Busy means that another connection checkpoints; the next turn comes soon.
            var result = raw.sqlite3_wal_checkpoint_v2(connection.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var logPages, out _);
            if (result == raw.SQLITE_OK && logPages > longPages)
            {
                // What came meanwhile, so that the writer, on whom everybody waits, finds little left to copy.
                raw.sqlite3_wal_checkpoint_v2(connection.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
                BringToDisk();
                Interlocked.Exchange(ref finishWanted, 1);
            }
        }
    }

    private void BringToDisk()
    {
        try
        {
            RandomAccess.FlushToDisk(ledgerFile);
        }
        catch (IOException)
        {
            // SQLite's own sync decides: the system tells a failed write to every open handle, the writer's among them.
        }
    }
}
