using System.Text;
using CsCheck;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sqlite.Cards;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>Cards that wait to be flushed: a table like any other, and in the order of the table that they go to.</summary>
public sealed class PackedCardsTests
{
    // Few letters and many common beginnings, shorter and longer than what is compared first; one beyond ASCII.
    private static readonly Gen<string> Keys = Gen.Select(
        Gen.OneOf(Gen.Const(string.Empty), Gen.Const("cylinder:"), Gen.Const("cylinder:C0000000"), Gen.Const("code:32010200")), Gen.String[Gen.Char["ab\0é"], 0, 12], (start, end) => start + end);

    private static readonly Gen<(string Key, byte[] State)[]> Puts = Gen.Select(Keys, Gen.Byte.Array[0, 80]).Array[0, 200];

    [Fact]
    public void The_last_state_of_each_key_is_kept() => Puts.Sample(puts =>
    {
        var cards = new PackedCards();
        for (var round = 0; round < 2; round++)
        {
            var model = new Dictionary<string, (long Version, byte[] State)>(StringComparer.Ordinal);
            for (var i = 0; i < puts.Length; i++)
            {
                cards.Put(new StoredCard(new CardKey(puts[i].Key), i, puts[i].State));
                model[puts[i].Key] = (i, puts[i].State);
            }

            Assert.Equal(model.Count, cards.Count);
            foreach (var (key, (version, state)) in model)
            {
                Assert.True(cards.TryGet(new CardKey(key), out var card));
                Assert.Equal(version, card.Version);
                Assert.Equal(state, card.State.ToArray());
            }

            Assert.False(cards.TryGet(new CardKey("never put"), out _));
            Assert.InRange(cards.Bytes, model.Sum(card => Encoding.UTF8.GetByteCount(card.Key) + card.Value.State.Length), long.MaxValue);
            cards.Clear();
            Assert.Equal((0, 0L), (cards.Count, cards.Bytes));
        }
    });

    [Fact]
    public void What_a_state_outgrew_is_used_again()
    {
        const int Cards = 40_000;
        const int StateBytesMax = 600;
        var cards = new PackedCards();
        for (var i = 0; i < Cards; i++)
        {
            // As a permit is issued, begun and used up.
            foreach (var bytes in (ReadOnlySpan<int>)[300, 500, StateBytesMax, 400])
            {
                cards.Put(new StoredCard(new CardKey($"cylinder:{i:D8}"), bytes, new byte[bytes]));
            }
        }

        Assert.InRange(cards.Bytes, Cards * StateBytesMax, Cards * (StateBytesMax + 100));
    }

    [Fact]
    public void They_come_in_the_order_of_the_table() => Puts.Sample(puts =>
    {
        var table = new CardPlaces(4);
        var cards = new PackedCards();
        foreach (var (key, state) in puts)
        {
            cards.Put(new StoredCard(new CardKey(key), 1, state));
        }

        var (places, items) = cards.InTableOrder(table);
        Assert.Equal(places.Order(), places);
        Assert.Equal(items.Select(item => table.Of(cards.KeyAt(item))), places);
        Assert.Equal(puts.Select(put => put.Key).ToHashSet(StringComparer.Ordinal), items.Select(item => Encoding.UTF8.GetString(cards.KeyAt(item))).ToHashSet(StringComparer.Ordinal));
        Assert.Equal(cards.Count, items.Length);
    });
}
