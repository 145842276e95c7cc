using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// A reading connection to the card table that keeps its snapshot from call to call: to begin one costs more than to read a
/// card. Used by one caller at a time.
/// </summary>
internal sealed class CardReader : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement selectAfter;
    private readonly CardLookup lookup;
    private bool inSnapshot;

    public CardReader(SqliteOptions options)
    {
        // Nothing mapped: SQLite unmaps all of it whenever the table has changed, and each look-up afterwards would be a page fault.
        connection = SqliteConnections.OpenReader(options.CardsPath, options with { MappedMib = 0 });
        begin = new SqliteStatement(connection.Handle!, "BEGIN");
        commit = new SqliteStatement(connection.Handle!, "COMMIT");
        selectAfter = new SqliteStatement(connection.Handle!, SqlText.Of("Cards.Sql.select_cards_after"));
        lookup = new CardLookup(connection, options.CardTable);
    }

    /// <summary>Which generation of the table the snapshot shows, at least.</summary>
    public long Generation { get; private set; }

    /// <summary>In which turn the snapshot was taken.</summary>
    public long Turn { get; private set; }

    /// <summary>Reads from now on what the table held at a generation, or later, from a snapshot of this turn.</summary>
    public void Enter(long generation, long turn)
    {
        if (inSnapshot && Generation == generation && Turn == turn)
        {
            return;
        }

        Leave();
        begin.Run();
        inSnapshot = true;
        (Generation, Turn) = (generation, turn);
    }

    /// <summary>Lets go of the snapshot, so that the write-ahead log can start over.</summary>
    public void Leave()
    {
        if (inSnapshot)
        {
            inSnapshot = false;
            commit.Run();
        }
    }

    /// <inheritdoc cref="CardLookup.Card" />
    public StoredCard Card(CardKey key) => lookup.Card(key);

    /// <inheritdoc cref="CardLookup.Version" />
    public long Version(CardKey key) => lookup.Version(key);

    /// <summary>Shows cards that lie after a place, at most so many; answers the place of the last, or null when there was none.</summary>
    public long? ForEachAfter(long place, int limit, CardVisitor visit)
    {
        long? last = null;
        selectAfter.Bind(1, place).Bind(2, limit);
        while (selectAfter.Next())
        {
            visit(selectAfter.Bytes(0), selectAfter.Int64(1), selectAfter.Bytes(2));
            last = selectAfter.Int64(3);
        }

        return last;
    }

    public void Dispose()
    {
        selectAfter.Dispose();
        begin.Dispose();
        commit.Dispose();
        lookup.Dispose();
        connection.Dispose();
    }
}

/// <summary>Is shown a card; its key and state only for as long as the call lasts.</summary>
internal delegate void CardVisitor(ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state);
