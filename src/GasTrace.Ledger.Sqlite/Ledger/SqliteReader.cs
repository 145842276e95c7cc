using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Ledger;

/// <summary>A reading connection with its prepared statements; used by one caller at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteStatement selectClaim;
    private readonly SqliteStatement selectEntries;
    private readonly SqliteStatement selectHead;

    public SqliteReader(SqliteOptions options)
    {
        connection = SqliteConnections.OpenReader(options.LedgerPath, options);
        var handle = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        selectClaim = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.select_claim"));
        selectEntries = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.select_entries"));
        selectHead = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.select_head"));
    }

    public long? Claim(string key)
    {
        selectClaim.Bind(1, key);
        long? position = selectClaim.Next() ? selectClaim.Int64(0) : null;
        selectClaim.Reset();
        return position;
    }

    public List<LedgerEntry> Entries(long from, int limit)
    {
        List<LedgerEntry> entries = [];
        selectEntries.Bind(1, from).Bind(2, limit);
        while (selectEntries.Next())
        {
            var header = new EntryHeader(
                (int)selectEntries.Int64(1), selectEntries.Text(2), selectEntries.Text(3), selectEntries.Text(4), selectEntries.Text(5), selectEntries.Int64(6));
            entries.Add(new LedgerEntry(selectEntries.Int64(0), header, selectEntries.Blob(7)));
        }

        return entries;
    }

    public LedgerHead Head()
    {
        if (!selectHead.Next())
        {
            throw new StoreStartException(new("账本的首行丢失：已损坏。", "The ledger has lost its head row: it is damaged."));
        }

        var head = new LedgerHead(selectHead.Int64(0), selectHead.Int64(1), selectHead.Text(2), selectHead.Int64(3));
        selectHead.Reset();
        return head;
    }

    public void Dispose()
    {
        selectClaim.Dispose();
        selectEntries.Dispose();
        selectHead.Dispose();
        connection.Dispose();
    }
}
