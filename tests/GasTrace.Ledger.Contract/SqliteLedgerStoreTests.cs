using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Storage;
using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Contract;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    private SqliteOptions Options => new(folder.FullName);

    protected override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(SqliteLedgerStore.Open(Options));
}

/// <summary>The same suite while cards are flushed, and forgotten by the ledger, all the time.</summary>
public class SqliteLedgerStoreFlushingTests : LedgerStoreContract
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    protected virtual int ResidentCardsMib => SqliteOptions.ResidentCardsMibDefault;

    protected override Task<ILedgerStore> OpenAsync() =>
        Task.FromResult<ILedgerStore>(SqliteLedgerStore.Open(new SqliteOptions(folder.FullName) { UnflushedLogBytes = 1, UnflushedBytesMax = 2, ResidentCardsMib = ResidentCardsMib }));
}

/// <summary>And while each card is read from its table.</summary>
public sealed class SqliteLedgerStoreTableTests : SqliteLedgerStoreFlushingTests
{
    protected override int ResidentCardsMib => 0;
}

public sealed class SqliteFolderTests : IDisposable
{
    private const string Lost = "DELETE FROM ledger WHERE position = (SELECT max(position) FROM ledger)";
    private const string Added = "INSERT INTO ledger SELECT position + 1, kind, subject, station, region, gas, recorded_at, payload, leaf_hash FROM ledger ORDER BY position DESC LIMIT 1";
    private const string EarlierSchema = """
        ALTER TABLE card_change DROP COLUMN entries;
        ALTER TABLE ledger_head RENAME COLUMN entries TO next_position;
        UPDATE ledger_head SET next_position = (SELECT max(position) + 1 FROM ledger);
        DELETE FROM SchemaVersions WHERE ScriptName LIKE '%.0002_%';
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    private SqliteOptions Options => new(folder.FullName);

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_committed_is_there_when_the_store_is_opened_again()
    {
        string id;
        await using (var store = SqliteLedgerStore.Open(Options))
        {
            id = store.LedgerId;
            await store.AppendAsync([Check.Unit(3, new CardKey("card:1"), claims: ["r:1"])], default);
        }

        await using var again = SqliteLedgerStore.Open(Options);
        Assert.Equal((id, 3L, 2L), (again.LedgerId, await again.GetHeadAsync(default), await again.FindClaimAsync("r:1", default)));
        Assert.Equal(1, (await again.GetCardsAsync([new CardKey("card:1")], default))[0].Version);
    }

    [Fact]
    public async Task A_second_owner_of_the_folder_is_told_so()
    {
        await using var store = SqliteLedgerStore.Open(Options);
        var error = Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Contains("in use by another GasTrace process", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no database, and it is longer than a header of one")]
    [InlineData("SQLite format 3\0 followed by rubbish that is no database at all, and then some more of it")]
    public void A_file_that_is_no_database_is_reported_and_not_touched(string content)
    {
        File.WriteAllText(Options.LedgerPath, content);
        Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Equal(content, File.ReadAllText(Options.LedgerPath));
    }

    [Theory]
    [InlineData(1, false, Lost)]
    [InlineData(1, true, Lost)]
    [InlineData(20, false, Lost)]
    [InlineData(20, true, Lost)]
    [InlineData(1, false, Added)]
    [InlineData(20, true, Added)]
    public async Task A_ledger_whose_head_and_entries_disagree_is_reported(int batches, bool withCards, string damage)
    {
        // Twice: what the first flushes when it is closed, the second forgets.
        var version = 0;
        for (var round = 0; round < 2; round++)
        {
            await using var store = SqliteLedgerStore.Open(Options);
            for (var batch = 0; batch < batches; batch++)
            {
                await store.AppendAsync([withCards ? Check.Unit(3, new CardKey("card:1"), version++) : Check.Unit(3)], default);
            }
        }

        Run(damage);
        var error = Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_of_an_earlier_schema_is_backed_up_and_goes_on_where_it_was()
    {
        var key = new CardKey("card:1");
        await using (var store = SqliteLedgerStore.Open(Options))
        {
            await store.AppendAsync([Check.Unit(3, key)], default);
        }

        Run(EarlierSchema);
        var target = Path.Combine(folder.FullName, "copy");
        Assert.Equal(3, await SqliteBackup.RunAsync(Options, target, null, default));
        await using (var copy = SqliteLedgerStore.Open(new SqliteOptions(target)))
        {
            Assert.Equal(3, await copy.GetHeadAsync(default));
        }

        await using (var store = SqliteLedgerStore.Open(Options))
        {
            Assert.Equal(3, await store.GetHeadAsync(default));
            Assert.Equal(3, (await store.AppendAsync([Check.Unit(1, key, 1)], default)).FirstPosition);
        }

        await using var again = SqliteLedgerStore.Open(Options);
        Assert.Equal(4, await again.GetHeadAsync(default));
    }

    [Fact]
    public async Task A_schema_from_the_future_is_refused()
    {
        await SqliteLedgerStore.Open(Options).DisposeAsync();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.LedgerPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('GasTrace.Ledger.Sqlite.Ledger.Migrations.9999_future.sql', '2030-01-01')";
            command.ExecuteNonQuery();
        }

        var error = Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Contains("newer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cards_that_were_not_flushed_before_a_power_cut_are_there_again()
    {
        // A copy of the files as they lie there is what a power cut leaves behind; nothing is flushed so soon.
        var copy = Directory.CreateDirectory(Path.Combine(folder.FullName, "copy")).FullName;
        await using (var store = SqliteLedgerStore.Open(Options))
        {
            await AppendRoundsAsync(store);
            foreach (var name in (string[])["cards.db", "ledger.db", "ledger.db-wal"])
            {
                File.Copy(Path.Combine(folder.FullName, name), Path.Combine(copy, name));
            }
        }

        await AssertRoundsAsync(new SqliteOptions(copy));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SqliteOptions.ResidentCardsMibDefault)]
    public async Task A_stamp_of_an_older_table_does_not_make_an_older_card_pass(int residentCardsMib)
    {
        var key = new CardKey("cylinder:1");
        await using var store = SqliteLedgerStore.Open(Options with { UnflushedLogBytes = 1, UnflushedBytesMax = 2, ResidentCardsMib = residentCardsMib });

        // Written without a look: what the writer has looked up itself it would know without any stamp.
        await store.AppendAsync([Check.Unit(1, key) with { Reads = [] }], default);
        var first = await FlushedAsync(1);
        await store.AppendAsync([Check.Unit(2, key, seen: 1) with { Reads = [] }], default);
        await FlushedAsync(2);
        var stale = await store.AppendAsync([Check.Unit(3, key, seen: 1) with { Reads = [new CardRead(key, 1, first.Stamp)] }], default);
        Assert.Equal(UnitFate.StaleCard, stale.Outcomes[0].Fate);

        // Only what is read from the table has a stamp.
        async Task<StoredCard> FlushedAsync(long version)
        {
            while (true)
            {
                var card = (await store.GetCardsAsync([key], default))[0];
                if (card.Version == version && card.Stamp != 0)
                {
                    return card;
                }

                await Task.Yield();
            }
        }
    }

    [Theory]
    [InlineData("ledger.db-wal")]
    [InlineData("cards.db-wal")]
    public async Task Write_ahead_logs_start_over_while_everybody_writes_and_reads(string log)
    {
        var path = Path.Combine(folder.FullName, log);
        await using var store = SqliteLedgerStore.Open(Options with { CheckpointPages = 16, UnflushedBytesMax = 524_288, ResidentCardsMib = 0 });
        using var enough = new CancellationTokenSource();
        var reading = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await store.FindClaimAsync("r:none", default);
                await store.GetCardsAsync([new CardKey("card:1"), new CardKey("card:none")], default);
            }
        })));
        var number = 0;
        for (var batch = 0; Starts(path) < 3; batch++)
        {
            Assert.True(batch < 2_000, $"After {number:N0} units the log has started over {Starts(path)} times and holds {new FileInfo(path).Length:N0} bytes.");
            await store.AppendAsync([.. Enumerable.Range(0, 256).Select(_ => Check.Unit(1, new CardKey($"card:{number++}")))], default);
        }

        enough.Cancel();
        await reading;
    }

    [Fact]
    public async Task The_log_of_the_cards_stays_short_while_many_are_flushed_and_everybody_reads()
    {
        const int Cards = 10_240;
        const int Together = 256;
        var state = new byte[2_000];
        await using var store = SqliteLedgerStore.Open(Options with { UnflushedBytesMax = 16 * 1_048_576, FlushChunkCards = 16, ResidentCardsMib = 0 });
        using var enough = new CancellationTokenSource();
        var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await store.GetCardsAsync([new CardKey($"card:{Random.Shared.Next(Cards)}"), new CardKey("card:none")], default);
            }
        })));
        for (var number = 0; number < Cards; number += Together)
        {
            await store.AppendAsync([.. Enumerable.Range(number, Together).Select(card => new AppendUnit([], [], [new CardWrite(new CardKey($"card:{card}"), 0, state)], []))], default);
        }

        enough.Cancel();
        await reading;
        // The largest chunk is some two hundred pages, 1 MB; all of them together are five thousand, 20 MB.
        Assert.InRange(new FileInfo(Path.Combine(folder.FullName, "cards.db-wal")).Length, 1, 4 * 1_048_576);
    }

    [Fact]
    public async Task Cards_are_flushed_more_at_a_time_when_that_has_fallen_behind()
    {
        const int Cards = 4_000;
        const int Together = 250;
        var state = new byte[2_000];
        await using var store = SqliteLedgerStore.Open(Options with { UnflushedBytesMax = 10 * 1_048_576, FlushChunkCards = 16 });
        using var blocker = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.CardsPath};Pooling=False");
        blocker.Open();
        using var command = blocker.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        for (var number = 0; number < Cards; number += Together)
        {
            await store.AppendAsync([.. Enumerable.Range(number, Together).Select(card => new AppendUnit([], [], [new CardWrite(new CardKey($"card:{card}"), 0, state)], []))], default);
        }

        command.CommandText = "ROLLBACK";
        command.ExecuteNonQuery();
        // Two such cards share a page, so the log of sixteen has some ten; that of sixteen times as many, more than a hundred.
        var log = new FileInfo(Path.Combine(folder.FullName, "cards.db-wal"));
        Assert.True(SpinWait.SpinUntil(LogIsLong, TimeSpan.FromMinutes(1)), $"The log holds {log.Length:N0} bytes.");

        bool LogIsLong()
        {
            log.Refresh();
            return log.Exists && log.Length > 100 * 4_096;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SqliteOptions.ResidentCardsMibDefault)]
    public async Task A_card_that_was_acknowledged_is_read_whole_and_never_older_whether_it_waits_is_being_flushed_or_is(int residentCardsMib)
    {
        const int Cards = 3_000;
        const int Rounds = 12;
        var random = new Random(11);
        var acknowledged = new long[Cards];
        await using (var store = SqliteLedgerStore.Open(Options with { UnflushedBytesMax = 524_288, ResidentCardsMib = residentCardsMib }))
        {
            using var enough = new CancellationTokenSource();
            var reading = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    var number = Random.Shared.Next(Cards);
                    var least = Volatile.Read(ref acknowledged[number]);
                    var card = (await store.GetCardsAsync([Key(number)], default))[0];
                    Assert.True(card.Version >= least, $"{card.Key} was read as of version {card.Version} after {least} had been acknowledged.");
                    AssertWhole(number, card);
                }
            })));
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var numbers in Enumerable.Range(0, Cards).OrderBy(_ => random.Next()).Chunk(250))
                {
                    Assert.All((await store.AppendAsync([.. numbers.Select(Next)], default)).Outcomes, outcome => Assert.Equal(UnitFate.Committed, outcome.Fate));
                    foreach (var number in numbers)
                    {
                        Interlocked.Increment(ref acknowledged[number]);
                    }
                }
            }

            enough.Cancel();
            await reading;
        }

        await using var again = SqliteLedgerStore.Open(Options);
        Assert.All(Enumerable.Range(0, Cards), number =>
        {
            var card = again.GetCardsAsync([Key(number)], default).AsTask().GetAwaiter().GetResult()[0];
            Assert.Equal(Rounds, card.Version);
            AssertWhole(number, card);
        });

        AppendUnit Next(int number) => new(
            [], [new CardRead(Key(number), acknowledged[number])], [new CardWrite(Key(number), acknowledged[number], StateOf(number, acknowledged[number] + 1))], []);

        static CardKey Key(int number) => new(number % 7 == 0 ? $"card:瓶{number}" : $"card:{number}");

        static void AssertWhole(int number, StoredCard card) =>
            Assert.True(card.Version == 0 || card.State.Span.SequenceEqual(StateOf(number, card.Version)), $"{card.Key} is not what its version {card.Version} was.");

        // Longer and shorter from version to version, and now and then longer than any array that is shared.
        static byte[] StateOf(int number, long version)
        {
            var state = new byte[number % 500 == 0 ? 140_000 + (version * 1_000) : ((number * 31) + (version * 17)) % 400];
            new Random((number * 1_000) + (int)version).NextBytes(state);
            return state;
        }
    }

    [Fact]
    public async Task Cards_that_were_flushed_all_the_time_are_there_when_opened_again()
    {
        await using (var store = SqliteLedgerStore.Open(Options with { UnflushedLogBytes = 1, UnflushedBytesMax = 2 }))
        {
            await AppendRoundsAsync(store);
        }

        await AssertRoundsAsync(Options);
    }

    [Fact]
    public async Task Cards_that_were_never_flushed_are_made_again_and_flushed_ones_that_are_gone_are_reported()
    {
        var key = new CardKey("card:1");
        await using (var store = SqliteLedgerStore.Open(Options))
        {
            await store.AppendAsync([Check.Unit(1, key)], default);
        }

        // Nothing was forgotten by the ledger yet: its changes make the cards again.
        File.Delete(Options.CardsPath);
        await using (var store = SqliteLedgerStore.Open(Options))
        {
            Assert.Equal(1, (await store.GetCardsAsync([key], default))[0].Version);
        }

        // Twice: what the first flushes when it is closed, the second forgets.
        var version = 1;
        for (var round = 0; round < 2; round++)
        {
            await using var store = SqliteLedgerStore.Open(Options);
            for (var batch = 0; batch < 20; batch++)
            {
                await store.AppendAsync([Check.Unit(1, key, version++)], default);
            }
        }

        File.Delete(Options.CardsPath);
        var error = Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Contains("restore both from one backup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cards_of_another_ledger_are_refused()
    {
        var other = new SqliteOptions(Path.Combine(folder.FullName, "other"));
        await SqliteLedgerStore.Open(Options).DisposeAsync();
        await SqliteLedgerStore.Open(other).DisposeAsync();
        File.Move(other.CardsPath, Options.CardsPath, overwrite: true);
        var error = Assert.Throws<StoreStartException>(() => SqliteLedgerStore.Open(Options));
        Assert.Contains("belong to ledger", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_cards_cannot_be_written_appends_are_refused_and_afterwards_go_on_by_themselves()
    {
        var key = new CardKey("card:a");
        var other = new CardKey("card:b");
        await using var store = SqliteLedgerStore.Open(Options with { UnflushedLogBytes = 1, UnflushedBytesMax = 2 });
        using var blocker = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.CardsPath};Pooling=False");
        blocker.Open();
        using var command = blocker.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        await store.AppendAsync([Check.Unit(1, key), Check.Unit(1, other)], default);
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync([Check.Unit(1, key, 1)], default));
        Assert.Contains("Cards could not be written", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 1], (await store.GetCardsAsync([key, other], default)).Select(card => card.Version));
        Assert.Equal(2, await store.GetHeadAsync(default));
        command.CommandText = "ROLLBACK";
        command.ExecuteNonQuery();
        AppendResult? result = null;
        while (result is null)
        {
            try
            {
                result = await store.AppendAsync([Check.Unit(1, key, 1)], default);
            }
            catch (StoreUnavailableException)
            {
                await Task.Yield();
            }
        }

        Assert.Equal(UnitFate.Committed, result.Outcomes[0].Fate);
    }

    [Fact]
    public async Task A_backup_is_made_while_the_store_is_written_and_opens_as_a_ledger()
    {
        var target = Path.Combine(folder.FullName, "copy");
        var key = new CardKey("card:1");
        await using var store = SqliteLedgerStore.Open(Options);
        await store.AppendAsync([Check.Unit(5, key)], default);
        Assert.Equal(5, await SqliteBackup.RunAsync(Options, target, null, default));
        await store.AppendAsync([Check.Unit(1, key, 1)], default);
        await using var copy = SqliteLedgerStore.Open(new SqliteOptions(target));
        Assert.Equal((store.LedgerId, 5L), (copy.LedgerId, await copy.GetHeadAsync(default)));
        Assert.Equal(1, (await copy.GetCardsAsync([key], default))[0].Version);
        await Assert.ThrowsAsync<StoreStartException>(() => SqliteBackup.RunAsync(Options, target, null, default));
    }

    private static async Task AppendRoundsAsync(SqliteLedgerStore store)
    {
        for (var round = 0; round < 40; round++)
        {
            var units = Enumerable.Range(0, 25).Select(n => Check.Unit(1, new CardKey($"card:{n}"), round, (byte)round)).ToList();
            var result = await store.AppendAsync(units, default);
            Assert.All(result.Outcomes, outcome => Assert.Equal(UnitFate.Committed, outcome.Fate));
        }
    }

    private static async Task AssertRoundsAsync(SqliteOptions options)
    {
        await using var store = SqliteLedgerStore.Open(options);
        var cards = await store.GetCardsAsync([.. Enumerable.Range(0, 25).Select(n => new CardKey($"card:{n}"))], default);
        Assert.All(cards, card => Assert.Equal((40L, (byte)39), (card.Version, card.State.Span[0])));
        Assert.Equal(UnitFate.StaleCard, (await store.AppendAsync([Check.Unit(1, new CardKey("card:7"), 39)], default)).Outcomes[0].Fate);
    }

    // Bytes 12 to 15 of the log's header: how often it has started over (https://sqlite.org/fileformat2.html, 4.1).
    private void Run(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.LedgerPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static uint Starts(string path)
    {
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> header = stackalloc byte[16];
        return log.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(header[12..]) : 0;
    }
}
