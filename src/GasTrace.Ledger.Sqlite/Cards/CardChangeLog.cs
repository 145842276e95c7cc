using System.Buffers;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Storage.V1;
using Google.Protobuf;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>The bytes in which a batch of the ledger carries the cards it changed.</summary>
internal static class CardChangeLog
{
    /// <summary>Binds the bytes of a batch's changes, and how many entries the ledger holds with the batch, and runs the statement; answers how many bytes they are.</summary>
    public static int Insert(SqliteStatement insert, long batch, IReadOnlyList<StoredCard> cards, long entries)
    {
        var message = new BatchCards();
        foreach (var card in cards)
        {
            message.Cards.Add(new BatchCard { Key = card.Key.Value, Version = card.Version, State = UnsafeByteOperations.UnsafeWrap(card.State) });
        }

        var length = message.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            message.WriteTo(buffer.AsSpan(0, length));
            insert.Bind(1, batch).Bind(2, buffer.AsSpan(0, length)).Bind(3, entries).Run();
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The cards that a batch changed.</summary>
    public static IEnumerable<StoredCard> Parse(byte[] changes) =>
        BatchCards.Parser.ParseFrom(changes).Cards.Select(card => new StoredCard(new CardKey(card.Key), card.Version, card.State.Memory));
}
