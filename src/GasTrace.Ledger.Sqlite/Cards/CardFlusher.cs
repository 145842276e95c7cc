using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Writes changed cards into their table behind the ledger, on a thread of its own and in the order of the table: cards that
/// share a page are written once, and one that changed three times meanwhile is too. Readers look at the unflushed cards
/// first; these are forgotten only after every new reader sees all of them in the table.
/// </summary>
internal sealed class CardFlusher : IDisposable
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private const double RestPerWorkMax = 8;
    private const double DoublingsPerLag = 20;
    private const int ChunkDoublingsMax = 4;
    private readonly UnflushedCards unflushed;
    private readonly CardReaders readers;
    private readonly ResidentCards resident;
    private readonly SqliteOptions options;
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollback;
    private readonly SqliteStatement upsertCard;
    private readonly SqliteStatement updateHead;
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly ManualResetEventSlim hurry = new();
    private readonly object progress = new();
    private readonly BackgroundThread thread;
    private readonly WorkPace pace;
    private SqliteException? failure;
    private volatile bool stopping;
    private long flushedBatch;
    private long bytesLogged;

    public CardFlusher(SqliteOptions options, UnflushedCards unflushed, CardReaders readers, ResidentCards resident, long flushedBatch)
    {
        this.options = options;
        this.unflushed = unflushed;
        this.readers = readers;
        this.resident = resident;
        this.flushedBatch = flushedBatch;
        connection = SqliteConnections.OpenWriter(options.CardsPath, options.WithSmallPages with { WriterCacheMib = 16 }, fullySynchronous: true);
        begin = new SqliteStatement(connection.Handle!, "BEGIN IMMEDIATE");
        commit = new SqliteStatement(connection.Handle!, "COMMIT");
        rollback = new SqliteStatement(connection.Handle!, "ROLLBACK");
        upsertCard = new SqliteStatement(connection.Handle!, SqlText.Of("Cards.Sql.upsert_card"));
        updateHead = new SqliteStatement(connection.Handle!, SqlText.Of("Cards.Sql.update_flushed"));
        pace = new WorkPace(connection);
        thread = new BackgroundThread("card-flusher", Loop);
    }

    /// <summary>Every change up to this batch is durable in the table.</summary>
    public long FlushedBatch => Interlocked.Read(ref flushedBatch);

    /// <summary>A batch was committed, whose changes are so many bytes in the ledger's database.</summary>
    public void Committed(int bytes)
    {
        if (Interlocked.Add(ref bytesLogged, bytes) >= options.UnflushedLogBytes || unflushed.WaitingBytes >= options.UnflushedBytesMax / 2)
        {
            Want();
        }
    }

    /// <summary>Waits while unflushed cards take too much: so memory stays bounded, and the start after a crash short.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be flushed.</exception>
    public void WaitForRoom()
    {
        if (unflushed.Bytes < options.UnflushedBytesMax)
        {
            return;
        }

        hurry.Set();
        lock (progress)
        {
            while (unflushed.Bytes >= options.UnflushedBytesMax)
            {
                if (failure is not null)
                {
                    throw new StoreUnavailableException($"Cards could not be written: {failure.Message}", failure);
                }

                Monitor.Wait(progress);
            }
        }
    }

    /// <summary>Flushes what is left and ends.</summary>
    public void Dispose()
    {
        stopping = true;
        hurry.Set();
        Want();
        thread.Join();
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[begin, commit, rollback, upsertCard, updateHead])
        {
            statement.Dispose();
        }

        connection.Dispose();
        wanted.Dispose();
        hurry.Dispose();
    }

    private void Want()
    {
        if (wanted.CurrentCount == 0)
        {
            try
            {
                wanted.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else woke it.
            }
        }
    }

    private void Loop()
    {
        while (true)
        {
            wanted.Wait(failure is null ? AgeMax : RetryAfter);
            var last = stopping;
            try
            {
                Flush();
                Report(null);
            }
            catch (SqliteException error)
            {
                // Nothing is lost: the ledger's database holds the changes, and the cards stay where readers look first.
                Report(error);
            }

            if (last)
            {
                return;
            }
        }
    }

    private void Flush()
    {
        var (cards, through) = unflushed.BeginFlush();
        if (through == FlushedBatch && cards.Count == 0)
        {
            return;
        }

        if (through > FlushedBatch)
        {
            Interlocked.Exchange(ref bytesLogged, 0);
            var (places, items) = cards.InTableOrder(options.CardTable);
            for (int first = 0, end; first < items.Length; first = end)
            {
                var lead = LeadAt(first / (double)items.Length);
                Pace(lead);
                end = Math.Min(items.Length, first + ChunkAt(lead));
                Write(cards, places.AsSpan(first..end), items.AsSpan(first..end), FlushedBatch);
                Checkpoint();
                Keep(cards, items.AsSpan(first..end));
            }

            Write(cards, [], [], through);
            Interlocked.Exchange(ref flushedBatch, through);
        }

        // In this order: who does not find a card among the unflushed any more reads a table that has it.
        readers.Advance();
        unflushed.EndFlush();
        Checkpoint();
        hurry.Reset();
    }

    // How far it is ahead of the changes, as a share of what it flushes; negative when it is behind.
    private double LeadAt(double flushed) => flushed - (unflushed.WaitingBytes * 2.0 / options.UnflushedBytesMax);

    // Not faster than cards change: in one go it would hold up the commits, which wait for the same disk.
    private void Pace(double lead) => pace.Set(stopping ? 0 : RestPerWorkMax * Math.Clamp(lead * 10, 0, 1), hurry.WaitHandle);

    // The further behind, the more at once: a card costs less then, since each chunk waits for the disk twice and readers lose what
    // they cached. That a commit waits for a large one is better than that all wait for room.
    private int ChunkAt(double lead) => options.FlushChunkCards << (int)Math.Clamp(-lead * DoublingsPerLag, 0, ChunkDoublingsMax);

    // After all have let go of older snapshots: whoever reads from now on what was put here finds nothing older in the table.
    private void Keep(PackedCards cards, ReadOnlySpan<PackedCards.Item> items)
    {
        foreach (var item in items)
        {
            resident.Put(cards.KeyAt(item), cards.VersionAt(item), cards.StateAt(item));
        }
    }

    private void Write(PackedCards cards, ReadOnlySpan<long> places, ReadOnlySpan<PackedCards.Item> items, long flushedThrough)
    {
        begin.Run();
        try
        {
            for (var i = 0; i < items.Length; i++)
            {
                upsertCard.BindText(2, cards.KeyAt(items[i])).Bind(3, cards.VersionAt(items[i])).Bind(4, cards.StateAt(items[i]));
                for (var place = places[i]; upsertCard.Bind(1, place).Run() == 0; place++)
                {
                    // Another card lies there.
                }
            }

            updateHead.Bind(1, flushedThrough).Run();
            commit.Run();
        }
        catch
        {
            if (raw.sqlite3_get_autocommit(connection.Handle!) == 0)
            {
                rollback.Run();
            }

            throw;
        }
    }

    // Who reads the table without the log keeps it from being copied, and who reads with the log keeps it from starting over:
    // so all change over twice. One that is slow to do so costs a longer log, until the next chunk.
    private void Checkpoint()
    {
        readers.LetGo();
        raw.sqlite3_wal_checkpoint_v2(connection.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        readers.LetGo();
    }

    private void Report(SqliteException? error)
    {
        lock (progress)
        {
            failure = error;
            Monitor.PulseAll(progress);
        }
    }
}
