using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sqlite.Cards;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Ledger;

/// <summary>
/// The append, on the writer's thread. No other process writes this database, and only this thread changes cards, so versions
/// are checked in memory and the transaction only appends.
/// </summary>
internal sealed class SqliteAppender : IDisposable
{
    // Changes that were flushed are deleted so many batches at a time: one by one, each commit would write the pages at both ends of
    // their table and the head's, and all at once would hold up a commit.
    private const int TrimmedBatches = 16;
    private readonly SqliteConnection connection;
    private readonly SqliteCards cards;
    private readonly List<StoredCard> changed = [];
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollback;
    private readonly SqliteStatement insertClaim;
    private readonly SqliteStatement deleteClaim;
    private readonly SqliteStatement selectClaim;
    private readonly SqliteStatement insertChange;
    private readonly SqliteStatement deleteChanges;
    private readonly SqliteStatement insertEntry;
    private readonly SqliteStatement updateHead;
    private long head;
    private long trimmed;

    public SqliteAppender(SqliteConnection connection, SqliteCards cards, long head, long trimmed)
    {
        this.connection = connection;
        this.cards = cards;
        this.trimmed = trimmed;
        this.head = head;
        var handle = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        begin = new SqliteStatement(handle, "BEGIN IMMEDIATE");
        commit = new SqliteStatement(handle, "COMMIT");
        rollback = new SqliteStatement(handle, "ROLLBACK");
        insertClaim = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.insert_claim"));
        deleteClaim = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.delete_claim"));
        selectClaim = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.select_claim"));
        insertChange = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.insert_change"));
        deleteChanges = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.delete_changes"));
        insertEntry = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.insert_entry"));
        updateHead = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.update_head"));
    }

    public AppendResult Append(IReadOnlyList<AppendUnit> batch)
    {
        if (batch.Count == 0)
        {
            return AppendResult.Nothing;
        }

        cards.WaitForRoom();
        var outcomes = new UnitOutcome[batch.Count];
        var next = head;
        var number = cards.LastBatch + 1;
        var trim = cards.FlushedBatch - trimmed < TrimmedBatches ? trimmed : trimmed + TrimmedBatches;
        var (isNoted, bytes) = (false, 0);
        changed.Clear();
        begin.Run();
        try
        {
            for (var i = 0; i < outcomes.Length; i++)
            {
                outcomes[i] = Apply(batch[i], ref next);
            }

            // Refusals change no card, but the batch notes how many entries there are, so that a lost one is noticed.
            isNoted = changed.Count > 0 || next > head;
            if (isNoted)
            {
                bytes = CardChangeLog.Insert(insertChange, number, changed, next);
            }

            if (trim > trimmed)
            {
                deleteChanges.Bind(1, trim).Run();
                updateHead.Bind(1, next).Bind(2, trim).Run();
            }

            commit.Run();
        }
        catch
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle!) == 0)
            {
                rollback.Run();
            }

            throw;
        }

        var first = head;
        head = next;
        trimmed = trim;
        if (isNoted)
        {
            cards.Accept(number, changed, bytes);
        }

        return new AppendResult(first, outcomes);
    }

    /// <summary>Between two batches: the moment for what must not delay a commit.</summary>
    public void Idle(SqliteCheckpointer checkpointer, int batchUnits) => checkpointer.FinishIfWanted(connection, batchUnits);

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)
            [begin, commit, rollback, insertClaim, deleteClaim, selectClaim, insertChange, deleteChanges, insertEntry, updateHead])
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private UnitOutcome Apply(AppendUnit unit, ref long next)
    {
        var last = next + Math.Max(unit.Entries.Length, 1) - 1;
        for (var i = 0; i < unit.Claims.Length; i++)
        {
            if (insertClaim.Bind(1, unit.Claims[i]).Bind(2, last).Run() == 0)
            {
                var position = PositionOf(unit.Claims[i]);
                Withdraw(unit, i);
                return UnitOutcome.Taken(unit.Claims[i], position);
            }
        }

        foreach (var card in unit.Reads)
        {
            if (!cards.IsCurrent(card))
            {
                Withdraw(unit, unit.Claims.Length);
                return UnitOutcome.Stale(card.Key);
            }
        }

        foreach (var card in unit.Writes)
        {
            changed.Add(new StoredCard(card.Key, card.VersionSeen + 1, card.State));
        }

        foreach (var entry in unit.Entries)
        {
            Insert(next++, entry);
        }

        return UnitOutcome.Committed(last);
    }

    private void Insert(long position, NewEntry entry) => insertEntry
        .Bind(1, position)
        .Bind(2, entry.Header.Kind)
        .Bind(3, entry.Header.Subject)
        .Bind(4, entry.Header.Station)
        .Bind(5, entry.Header.Region)
        .Bind(6, entry.Header.Gas)
        .Bind(7, entry.Header.RecordedAtMicros)
        .Bind(8, entry.Payload.Span)
        .Bind(9, LeafHash.Of(entry.Payload.Span))
        .Run();

    private void Withdraw(AppendUnit unit, int count)
    {
        for (var i = 0; i < count; i++)
        {
            deleteClaim.Bind(1, unit.Claims[i]).Run();
        }
    }

    private long PositionOf(string claim)
    {
        selectClaim.Bind(1, claim);
        var position = selectClaim.Next() ? selectClaim.Int64(0) : -1;
        selectClaim.Reset();
        return position;
    }
}
