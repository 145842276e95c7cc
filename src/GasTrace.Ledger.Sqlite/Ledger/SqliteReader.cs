using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Ledger;

/// <summary>A reading connection with its prepared statements; used by one caller at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement selectCard;
    private readonly SqliteStatement selectClaim;
    private readonly SqliteStatement selectEntries;
    private readonly SqliteStatement selectHead;

    public SqliteReader(SqliteOptions options)
    {
        connection = SqliteConnections.OpenReader(options.LedgerPath, options);
        var handle = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        begin = new SqliteStatement(handle, "BEGIN");
        commit = new SqliteStatement(handle, "COMMIT");
        selectCard = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.select_card"));
        selectClaim = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.select_claim"));
        selectEntries = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.select_entries"));
        selectHead = new SqliteStatement(handle, SqlText.Of("Ledger.Sql.select_head"));
    }

    /// <summary>Cards in the order asked for, in one read transaction: its locks cost more than the reads.</summary>
    public StoredCard[] Cards(IReadOnlyList<CardKey> keys)
    {
        var cards = new StoredCard[keys.Count];
        if (cards.Length == 1)
        {
            cards[0] = Card(keys[0]);
            return cards;
        }

        begin.Run();
        try
        {
            for (var i = 0; i < cards.Length; i++)
            {
                cards[i] = Card(keys[i]);
            }
        }
        finally
        {
            commit.Run();
        }

        return cards;
    }

    private StoredCard Card(CardKey key)
    {
        selectCard.Bind(1, key.Value);
        var card = selectCard.Next() ? new StoredCard(key, selectCard.Int64(0), selectCard.Blob(1)) : new StoredCard(key, 0, ReadOnlyMemory<byte>.Empty);
        selectCard.Reset();
        return card;
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

    public (long Next, string LedgerId) Head()
    {
        if (!selectHead.Next())
        {
            throw new StoreStartException("The ledger has lost its head row: it is damaged.");
        }

        var head = (selectHead.Int64(0), selectHead.Text(1));
        selectHead.Reset();
        return head;
    }

    public void Dispose()
    {
        begin.Dispose();
        commit.Dispose();
        selectCard.Dispose();
        selectClaim.Dispose();
        selectEntries.Dispose();
        selectHead.Dispose();
        connection.Dispose();
    }
}
