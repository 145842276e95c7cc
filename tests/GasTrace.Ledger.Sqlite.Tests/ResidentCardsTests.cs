using System.Text;
using CsCheck;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sqlite.Cards;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>Cards of the table in memory: whatever is found is what was put last, however little fits.</summary>
public sealed class ResidentCardsTests
{
    private const int ReadingSteps = 40;

    // Two chunks in one shard: a few hundred of the larger states fill them.
    private const long TwoChunks = 2 * ResidentShard.ChunkBytes;

    private static readonly Gen<(int Card, int Bytes, bool IsRead)[]> Steps =
        Gen.Select(Gen.Int[0, 400], Gen.Frequency((20, Gen.Int[0, 1_500]), (1, Gen.Int[30_000, 40_000])), Gen.Bool).Array[0, 1_500];

    [Fact]
    public void What_is_found_is_what_the_table_has() => Steps.Sample(
        steps =>
        {
            var resident = new ResidentCards(TwoChunks, shardCount: 1);
            var table = new Dictionary<int, (long Version, byte[] State)>();
            var reading = new Queue<(StoredCard Card, long Evictions)>();
            for (var i = 0; i < steps.Length; i++)
            {
                var (card, bytes, isRead) = steps[i];
                if (!isRead)
                {
                    table[card] = (i + 1, State(i, bytes));
                    resident.Put(Key(card), i + 1, table[card].State);
                }
                else if (resident.TryGet(new CardKey(Name(card)), out var found))
                {
                    Assert.Equal(table[card].Version, found.Version);
                    Assert.Equal(table[card].State, found.State.ToArray());
                }
                else if (table.TryGetValue(card, out var read))
                {
                    reading.Enqueue((new StoredCard(new CardKey(Name(card)), read.Version, read.State), resident.Evictions));
                }

                // Some time passes between a read and its offer.
                if (i % ReadingSteps == 0)
                {
                    while (reading.TryDequeue(out var done))
                    {
                        resident.Offer(done.Card, done.Evictions);
                    }
                }
            }
        },
        iter: 300);

    [Fact]
    public void All_are_found_while_there_is_room()
    {
        const int Cards = 3_000;
        var resident = new ResidentCards(8 * 1_048_576);
        for (var version = 1; version <= 3; version++)
        {
            for (var card = 0; card < Cards; card++)
            {
                resident.Put(Key(card), version, State(card, 100 * version));
            }
        }

        Assert.True(resident.HasRoom);
        Assert.All(Enumerable.Range(0, Cards), card =>
        {
            Assert.True(resident.TryGet(new CardKey(Name(card)), out var found));
            Assert.Equal(3, found.Version);
            Assert.Equal(State(card, 300), found.State.ToArray());
        });
        Assert.False(resident.TryGet(new CardKey(Name(Cards)), out _));
    }

    [Fact]
    public void What_was_read_before_a_newer_state_was_put_and_pushed_out_is_not_taken()
    {
        var resident = new ResidentCards(TwoChunks, shardCount: 1);
        var before = resident.Evictions;
        resident.Put(Key(1), 2, State(2, 100));
        resident.Offer(Key(1), 1, State(1, 50), before);
        Assert.True(resident.TryGet(new CardKey(Name(1)), out var found));
        Assert.Equal(2, found.Version);
        for (var other = 2; resident.TryGet(new CardKey(Name(1)), out _); other++)
        {
            resident.Put(Key(other), 1, State(other, 1_000));
        }

        resident.Offer(Key(1), 1, State(1, 50), before);
        Assert.False(resident.TryGet(new CardKey(Name(1)), out _));
        Assert.False(resident.HasRoom);
        resident.Offer(Key(1), 2, State(2, 100), resident.Evictions);
        Assert.True(resident.TryGet(new CardKey(Name(1)), out found));
        Assert.Equal(2, found.Version);
    }

    [Fact]
    public async Task After_a_start_all_of_the_table_comes_into_memory()
    {
        const int Cards = 1_000;
        var folder = Directory.CreateTempSubdirectory("gastrace-test-");
        try
        {
            var options = new SqliteOptions(folder.FullName);
            await using (var store = SqliteLedgerStore.Open(options))
            {
                await store.AppendAsync([.. Enumerable.Range(0, Cards).Select(card => new AppendUnit([], [], [new CardWrite(new CardKey(Name(card)), 0, State(card, 300))], []))], default);
            }

            var resident = new ResidentCards(8 * 1_048_576);
            using var readers = new CardReaders(options);
            using var warmer = new CardWarmer(readers, resident);
            for (var card = 0; card < Cards; card++)
            {
                StoredCard found = default;
                Assert.True(SpinWait.SpinUntil(() => resident.TryGet(new CardKey(Name(card)), out found), TimeSpan.FromMinutes(1)));
                Assert.Equal(1, found.Version);
                Assert.Equal(State(card, 300), found.State.ToArray());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Without_room_nothing_is_kept()
    {
        var none = new ResidentCards(0);
        none.Put(Key(1), 1, State(1, 10));
        none.Offer(Key(1), 1, State(1, 10), none.Evictions);
        Assert.False(none.TryGet(new CardKey(Name(1)), out _));
        Assert.False(none.HasRoom);
    }

    private static string Name(int card) => $"cylinder:气瓶 {card}";

    private static byte[] Key(int card) => Encoding.UTF8.GetBytes(Name(card));

    private static byte[] State(int seed, int bytes)
    {
        var state = new byte[bytes];
        new Random(seed).NextBytes(state);
        return state;
    }
}
