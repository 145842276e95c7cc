using System.IO.Hashing;
using System.Text;
using Dapper;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.Ledger.Storage;
using GasTrace.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Contract;

/// <summary>The typed tables of SQLite. There a cylinder's history lies in memory and in runs that are merged: none of that may be seen in the answers.</summary>
public sealed class SqliteProjectionStoreTests : ProjectionStoreContract, IDisposable
{
    private const int Cylinders = 7;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    public void Dispose() => folder.Delete(recursive: true);

    protected override Task<IProjectionStore> OpenAsync() =>
        Task.FromResult<IProjectionStore>(SqliteProjectionStore.Open(new SqliteOptions(folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName)));

    [Theory]
    [InlineData(1, 300, 65_536)]
    [InlineData(1, 300, 16)]
    [InlineData(13, 90, 16)]
    [InlineData(400, 20, 16)]
    [InlineData(16, 600, 16)]
    public async Task However_entries_come_in_a_cylinders_history_is_whole_and_in_order(int entriesPerTransaction, int transactions, int runEntries)
    {
        await using var store = SqliteProjectionStore.Open(Options(runEntries));
        for (var transaction = 0L; transaction < transactions; transaction++)
        {
            await store.ApplyAsync(Batch(transaction * entriesPerTransaction, entriesPerTransaction), default);
        }

        await AssertWholeAsync(store, (long)entriesPerTransaction * transactions);
    }

    [Fact]
    public async Task A_merge_is_spread_over_many_transactions_and_outlives_a_new_start()
    {
        const int Entries = 256;
        var merging = new List<long>();
        for (var transaction = 0L; transaction < 26; transaction++)
        {
            await using var store = SqliteProjectionStore.Open(Options(Entries));
            await store.ApplyAsync(Batch(transaction * Entries, Entries), default);
            merging.Add(await CountAsync("SELECT count(*) FROM history_run WHERE merged_into <> 0"));
            await AssertWholeAsync(store, (transaction + 1) * Entries);
        }

        // Sixteen runs of 256 blocks, of which each of these transactions moves 33.
        Assert.Equal([.. Enumerable.Repeat(0L, 15), .. Enumerable.Repeat(16L, 7), .. Enumerable.Repeat(0L, 4)], merging);
        Assert.Equal(11, await CountAsync("SELECT count(*) FROM history_run"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM history_block WHERE id / 65536 NOT IN (SELECT run FROM history_run)"));
    }

    [Theory]
    [InlineData("entry")]
    [InlineData("history_run")]
    [InlineData("history_block")]
    public async Task A_batch_that_could_not_be_written_leaves_nothing_behind_and_may_be_written_again(string fullTable)
    {
        await using var store = SqliteProjectionStore.Open(Options(64));
        await store.ApplyAsync(Batch(0, 40), default);
        await ExecuteAsync($"CREATE TRIGGER full BEFORE INSERT ON {fullTable} BEGIN SELECT RAISE(ABORT, 'no more room'); END");
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ApplyAsync(Batch(40, 40), default));
        Assert.Contains("no more room", error.Message, StringComparison.Ordinal);
        await AssertWholeAsync(store, 40);

        await ExecuteAsync("DROP TRIGGER full");
        await store.ApplyAsync(Batch(40, 40), default);
        await AssertWholeAsync(store, 80);
    }

    [Fact]
    public async Task Who_finds_the_tables_moved_on_finds_the_history_of_that_too()
    {
        await using var store = SqliteProjectionStore.Open(Options(64));
        await store.ApplyAsync(Batch(0, 40), default);
        await using (var other = SqliteProjectionStore.Open(Options(64)))
        {
            await other.ApplyAsync(Batch(40, 15), default);
        }

        Assert.False(await store.ApplyAsync(Batch(40, 40), default));
        await store.ApplyAsync(Batch(55, 5), default);
        await AssertWholeAsync(store, 60);
        await store.ApplyAsync(Batch(60, 40), default);
        await AssertWholeAsync(store, 100);
    }

    [Fact]
    public async Task Cylinders_whose_ids_hash_alike_are_told_apart()
    {
        Dictionary<uint, string> seen = [];
        var (first, second) = Enumerable.Range(0, int.MaxValue).Select(number => $"C{number}").Select(id =>
        {
            var hash = (uint)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(id));
            return seen.TryAdd(hash, id) ? (id, null) : (seen[hash], id);
        }).First(pair => pair.Item2 is not null);
        await using var store = SqliteProjectionStore.Open(Options(4));
        await store.ApplyAsync(ProjectedBatch.Of([Entry(0, first), Entry(1, second!), Entry(2, first), Entry(3, first), Entry(4, second!), Entry(5, second!)]), default);
        await store.ApplyAsync(ProjectedBatch.Of([Entry(6, first)]), default);
        Assert.Equal([0, 2, 3, 6], await store.HistoryAsync(first, 0, 10, default));
        Assert.Equal([1, 4, 5], await store.HistoryAsync(second!, 0, 10, default));
        Assert.Equal([1], await store.HistoryAsync(second!, 0, 1, default));
        Assert.Equal([5, 4], await store.SearchAsync(About(second!), 0, 100, 2, default));
    }

    [Fact]
    public async Task A_history_that_lay_in_rows_is_made_again()
    {
        await using (var before = SqliteProjectionStore.Open(Options(65_536)))
        {
            await before.ApplyAsync(Batch(0, 300), default);
        }

        await ExecuteAsync("""
            DROP TABLE history_run;
            DROP TABLE history_block;
            CREATE TABLE history (run INTEGER NOT NULL, cylinder_id TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (run, cylinder_id, position)) WITHOUT ROWID;
            CREATE TABLE history_run (run INTEGER PRIMARY KEY, rows INTEGER NOT NULL, merged_into INTEGER NOT NULL);
            INSERT INTO history_run VALUES (1, 300, 0);
            INSERT INTO history SELECT 1, cylinder_id, position FROM entry;
            DELETE FROM SchemaVersions WHERE ScriptName LIKE '%history_by_hash%';
            """);
        await using var store = SqliteProjectionStore.Open(Options(64));
        Assert.Equal(4, await CountAsync("SELECT count(*) FROM history_run"));
        await AssertWholeAsync(store, 300);
    }

    [Fact]
    public async Task Permits_that_lay_by_their_names_are_found_by_their_deadlines()
    {
        await SqliteProjectionStore.Open(Options()).DisposeAsync();
        await ExecuteAsync("""
            DROP TABLE open_permit;
            CREATE TABLE open_permit (
              permit_id TEXT NOT NULL PRIMARY KEY,
              cylinder_id TEXT NOT NULL, station TEXT NOT NULL, terminal TEXT NOT NULL, gun TEXT NOT NULL,
              begun INTEGER NOT NULL, deadline INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX open_permit_by_deadline ON open_permit (deadline);
            INSERT INTO open_permit VALUES ('C1-1', 'C1', 'S1', 'T1', 'G1', 0, 1800000200), ('C2-7', 'C2', 'S1', 'T1', 'G2', 1, 1800000100), ('C3-2', 'C3', 'S1', 'T1', 'G3', 0, 1800000300);
            DELETE FROM SchemaVersions WHERE ScriptName LIKE '%open_permits_by_deadline%';
            """);
        await using var store = SqliteProjectionStore.Open(Options());
        Assert.Equal(["C2-7", "C1-1"], await store.FindLapsedPermitsAsync(1_800_000_200, 10, default));
    }

    // Every cylinder's history, whole and in pieces, after so many entries.
    private static async Task AssertWholeAsync(SqliteProjectionStore store, long head)
    {
        for (var cylinder = 0; cylinder < Cylinders; cylinder++)
        {
            List<long> expected = [];
            for (var position = 0L; position < head; position++)
            {
                if (CylinderOf(position) == $"C{cylinder}")
                {
                    expected.Add(position);
                }
            }

            Assert.Equal(expected, await store.HistoryAsync($"C{cylinder}", 0, int.MaxValue, default));
            var middle = expected[expected.Count / 2];
            Assert.Equal(expected.Where(at => at >= middle).Take(5), await store.HistoryAsync($"C{cylinder}", middle, 5, default));
            Assert.Equal(expected.Where(at => at < middle).Reverse().Take(5), await store.SearchAsync(About($"C{cylinder}"), 0, middle, 5, default));
        }

        Assert.Empty(await store.HistoryAsync("C", 0, 10, default));
    }

    private static EntryQuery About(string cylinderId) => new(0, string.Empty, string.Empty, cylinderId, string.Empty, null, null);

    private static string CylinderOf(long position) => $"C{position * 31 % Cylinders}";

    private static ProjectedBatch Batch(long from, int count) =>
        ProjectedBatch.Of([.. Enumerable.Range(0, count).Select(i => Entry(from + i, CylinderOf(from + i)))]);

    private SqliteOptions Options(int? historyRunEntries = null) =>
        historyRunEntries is { } entries ? new SqliteOptions(folder.FullName) { HistoryRunEntries = entries } : new SqliteOptions(folder.FullName);

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = Connect();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = Connect();
        await connection.ExecuteAsync(sql);
    }

    private SqliteConnection Connect() => new(new SqliteConnectionStringBuilder { DataSource = Options().ProjectionsPath, Pooling = false }.ConnectionString);

    private static LedgerEntry Entry(long position, string cylinderId)
    {
        var happened = Origin.Service.Event(new Moment(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000 + position)), cylinderId, "S1", "320102", "LPG");
        happened.CylinderScrapped = new CylinderScrapped { Reason = "test" };
        return new LedgerEntry(position, GasTrace.Ledger.Storage.EntryHeader.Of(happened), happened.ToByteArray());
    }
}
