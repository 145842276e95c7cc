using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sqlite.Cards;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace GasTrace.Ledger.Sqlite.Ledger;

/// <summary>
/// The embedded store: the ledger in one SQLite database, its cards behind it in another (decision 007), both in WAL mode with
/// synchronous=FULL. One writing connection on a thread of its own, reading connections apart from it. One process owns the
/// folder.
/// </summary>
public sealed class SqliteLedgerStore : ILedgerStore
{
    private readonly SqliteOptions options;
    private readonly DataFolder folder;
    private readonly SqliteAppender appender;
    private readonly SqliteCards cards;
    private readonly Func<IReadOnlyList<CardKey>, StoredCard[]> getCards;
    private readonly SafeFileHandle ledgerFile;
    private readonly SqliteCheckpointer checkpointer;
    private readonly IdleReaders<SqliteReader> idleReaders = new();
    private readonly AppendQueue appends = new();
    private readonly Thread thread;
    private int disposed;

    private SqliteLedgerStore(SqliteOptions options, DataFolder folder, SqliteAppender appender, SqliteCards cards, string ledgerId)
    {
        this.options = options;
        this.folder = folder;
        this.appender = appender;
        this.cards = cards;
        getCards = cards.Get;
        ledgerFile = File.OpenHandle(options.LedgerPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        checkpointer = new SqliteCheckpointer(options, ledgerFile);
        LedgerId = ledgerId;
        thread = new Thread(WriteLoop) { IsBackground = true, Name = "ledger-writer" };
        thread.Start();
    }

    /// <inheritdoc />
    public string LedgerId { get; }

    /// <summary>Opens the ledger of a folder, creating it when the folder has none.</summary>
    /// <exception cref="StoreStartException">In use, damaged, of another kind, or newer.</exception>
    public static SqliteLedgerStore Open(SqliteOptions options)
    {
        var folder = DataFolder.Own(options.Folder);
        try
        {
            return DataFolder.Guard(options.LedgerPath, () => Open(options, folder));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public Task<AppendResult> AppendAsync(Func<IReadOnlyList<AppendUnit>> fetch, CancellationToken cancellationToken)
    {
        var append = new AppendQueue.Append(fetch);
        appends.Add(append, cancellationToken);
        return append.Completion.Task;
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>(Read(reader => reader.Entries(from, limit)));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<StoredCard>>(Guard(keys, getCards));

    /// <inheritdoc />
    public Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken) => Task.FromResult(Read(reader => reader.Claim(key)));

    /// <inheritdoc />
    public Task<long> GetHeadAsync(CancellationToken cancellationToken) => Task.FromResult(Read(reader => reader.Head().Next));

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return ValueTask.CompletedTask;
        }

        appends.Complete();
        thread.Join();
        checkpointer.Dispose();
        idleReaders.Dispose();
        cards.Dispose();
        // Last: closing the last connection folds the write-ahead log into the database.
        appender.Dispose();
        ledgerFile.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SqliteLedgerStore Open(SqliteOptions options, DataFolder folder)
    {
        SqliteMigrations.Run(options.LedgerPath, "Ledger", options);
        var writer = SqliteConnections.OpenWriter(options.LedgerPath, options, fullySynchronous: true);
        try
        {
            using var reader = new SqliteReader(options);
            var head = reader.Head();
            if (head.Next != head.EntriesNoted)
            {
                throw new StoreStartException(new($"账本 '{options.LedgerPath}' 已损坏：最后一批之后应有 {head.EntriesNoted} 条记录，实有 {head.Next} 条。未作任何更改。", $"The ledger '{options.LedgerPath}' is damaged: its last batch left {head.EntriesNoted} entries and it has {head.Next}. Nothing was changed."));
            }

            var cards = SqliteCards.Open(options, writer, head.LedgerId);
            return new SqliteLedgerStore(options, folder, new SqliteAppender(writer, cards, head.Next, head.TrimmedBatch), cards, head.LedgerId);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private void WriteLoop()
    {
        while (appends.TryTake(out var append))
        {
            var units = 0;
            try
            {
                var batch = append.Fetch();
                units = batch.Count;
                append.Completion.SetResult(appender.Append(batch));
            }
            catch (SqliteException error)
            {
                append.Completion.SetException(new StoreUnavailableException($"The ledger could not be written: {error.Message}", error));
            }
#pragma warning disable CA1031 // The thread must live: whatever else went wrong is the caller's to hear.
            catch (Exception error)
#pragma warning restore CA1031
            {
                append.Completion.SetException(error);
            }

            appender.Idle(checkpointer, units);
        }
    }

    // SQLite reads from the page cache; there is nothing to await. Readers are as many as callers at once.
    private TResult Read<TResult>(Func<SqliteReader, TResult> read) => Guard(read, wanted =>
    {
        var reader = idleReaders.TryTake(out var idle) ? idle : new SqliteReader(options);
        try
        {
            var result = wanted(reader);
            idleReaders.Keep(reader);
            return result;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    });

    private static TResult Guard<TArgument, TResult>(TArgument argument, Func<TArgument, TResult> read)
    {
        try
        {
            return read(argument);
        }
        catch (SqliteException error)
        {
            throw new StoreUnavailableException($"The ledger could not be read: {error.Message}", error);
        }
    }
}
