using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>Finds cards in their table. Used by one caller at a time.</summary>
/// <param name="connection">A connection to the cards' database.</param>
/// <param name="places">Where cards lie.</param>
internal sealed class CardLookup(SqliteConnection connection, CardPlaces places) : IDisposable
{
    private readonly SqliteStatement select = new(connection.Handle!, SqlText.Of("Cards.Sql.select_card"));

    /// <summary>A card; version 0 for one that was never written.</summary>
    public StoredCard Card(CardKey key)
    {
        if (!TryFind(key, out _))
        {
            return new StoredCard(key, 0, ReadOnlyMemory<byte>.Empty);
        }

        var card = new StoredCard(key, select.Int64(1), select.Blob(2));
        select.Reset();
        return card;
    }

    /// <summary>A card's version; 0 for one that was never written.</summary>
    public long Version(CardKey key)
    {
        if (!TryFind(key, out _))
        {
            return 0;
        }

        var version = select.Int64(1);
        select.Reset();
        return version;
    }

    /// <summary>Where a card lies; null for one that was never written.</summary>
    public long? PlaceOf(CardKey key)
    {
        if (!TryFind(key, out var place))
        {
            return null;
        }

        select.Reset();
        return place;
    }

    public void Dispose() => select.Dispose();

    // Leaves the statement at the row that it found.
    private bool TryFind(CardKey key, out long place)
    {
        Span<byte> buffer = stackalloc byte[Utf8Text.BufferBytes];
        var wanted = Utf8Text.Of(key.Value, buffer);
        for (place = places.Of(wanted); select.Bind(1, place).Next(); place++)
        {
            if (select.Bytes(0).SequenceEqual(wanted))
            {
                return true;
            }

            select.Reset();
        }

        return false;
    }
}
