using System.Text;
using CsCheck;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sqlite.Cards;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>The card table: a card is found by its key wherever it lies, also where others lie in its place.</summary>
public sealed class CardTableTests : IDisposable
{
    // As a store made it before cards lay by place.
    private const string InKeyOrder = """
        CREATE TABLE before (key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
        INSERT INTO before SELECT key, version, state FROM card;
        DROP TABLE card;
        ALTER TABLE before RENAME TO card;
        DELETE FROM SchemaVersions WHERE ScriptName LIKE '%0002_cards_by_place%';
        """;

    private static readonly Gen<string> Keys = Gen.Select(
        Gen.OneOf(Gen.Const("cylinder:"), Gen.Const("code:"), Gen.Const("alias2:"), Gen.Const("station:")), Gen.Int[0, 400], (kind, number) => $"{kind}瓶{number}");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Cards_that_share_a_place_are_each_found_again()
    {
        var round = 0;
        await Keys.Array[1, 300].Array[1, 4].SampleAsync(
            async batches =>
            {
                var options = Options($"round {Interlocked.Increment(ref round)}") with { CardHashBits = 5, FlushChunkCards = 16 };
                var model = new Dictionary<string, (long Version, byte[] State)>(StringComparer.Ordinal);
                foreach (var batch in batches)
                {
                    await using var store = SqliteLedgerStore.Open(options);
                    await Write(store, model, batch);
                }

                await AssertHolds(options, model);
            },
            iter: 20);
    }

    [Fact]
    public async Task A_table_in_the_order_of_keys_becomes_one_by_place()
    {
        // Places for so many that few share one, and some do.
        var options = Options("old") with { CardHashBits = 20 };
        var model = new Dictionary<string, (long Version, byte[] State)>(StringComparer.Ordinal);
        await using (var store = SqliteLedgerStore.Open(options))
        {
            await Write(store, model, [.. Enumerable.Range(0, 3_000).SelectMany(number => (string[])[$"cylinder:瓶{number}", $"code:{number}", $"gun:{number}"])]);
        }

        using (var connection = new SqliteConnection($"Data Source={options.CardsPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = InKeyOrder;
            command.ExecuteNonQuery();
        }

        await AssertHolds(options, model);
    }

    [Fact]
    public void Where_a_card_lies_never_changes()
    {
        var table = new CardPlaces(CardPlaces.HashBitsDefault);
        Assert.Equal(
            [951_786_337_550_901_623, 1_930_638_736_702_796_426, 1_205_107_042_388_578_512, 2_795_880_147_744_675_834],
            ((string[])["cylinder:C1", "code:瓶", "alias2:x", "limits"]).Select(key => table.Of(Encoding.UTF8.GetBytes(key))));
    }

    private static async Task Write(SqliteLedgerStore store, Dictionary<string, (long Version, byte[] State)> model, string[] keys)
    {
        List<AppendUnit> units = [];
        foreach (var key in keys.Distinct())
        {
            var version = model.TryGetValue(key, out var known) ? known.Version : 0;
            var state = Encoding.UTF8.GetBytes($"{key} {version + 1}");
            units.Add(new AppendUnit([], [new CardRead(new CardKey(key), version)], [new CardWrite(new CardKey(key), version, state)], []));
            model[key] = (version + 1, state);
        }

        Assert.All((await store.AppendAsync(units, default)).Outcomes, outcome => Assert.Equal(UnitFate.Committed, outcome.Fate));
    }

    private static async Task AssertHolds(SqliteOptions options, Dictionary<string, (long Version, byte[] State)> model)
    {
        await using (var store = SqliteLedgerStore.Open(options))
        {
            foreach (var card in await store.GetCardsAsync([.. model.Keys.Select(key => new CardKey(key))], default))
            {
                Assert.Equal(model[card.Key.Value].Version, card.Version);
                Assert.Equal(model[card.Key.Value].State, card.State.ToArray());
            }

            Assert.Equal(0, (await store.GetCardsAsync([new CardKey("cylinder:never")], default))[0].Version);
        }

        await using var source = await SqliteLedgerSource.OpenAsync(options);
        List<string> read = [];
        for (IReadOnlyList<StoredCard> page; (page = await source.ReadCardsAsync(read.LastOrDefault(string.Empty), 7, default)).Count > 0;)
        {
            read.AddRange(page.Select(card => card.Key.Value));
        }

        Assert.Equal(model.Keys.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    private SqliteOptions Options(string name) => new(folder.CreateSubdirectory(name).FullName);
}
