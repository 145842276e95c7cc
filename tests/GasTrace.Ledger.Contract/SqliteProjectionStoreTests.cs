using Dapper;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Contract;

/// <summary>The typed tables of SQLite. There a cylinder's history lies in sorted runs that are merged: none of that may be seen in the answers.</summary>
public sealed class SqliteProjectionStoreTests : ProjectionStoreContract, IDisposable
{
    private const int Cylinders = 7;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    public void Dispose() => folder.Delete(recursive: true);

    protected override Task<IProjectionStore> OpenAsync() =>
        Task.FromResult<IProjectionStore>(SqliteProjectionStore.Open(new SqliteOptions(folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName)));

    [Theory]
    [InlineData(1, 300)]
    [InlineData(13, 90)]
    [InlineData(400, 20)]
    public async Task However_entries_come_in_a_cylinders_history_is_whole_and_in_order(int entriesPerTransaction, int transactions)
    {
        await using var store = SqliteProjectionStore.Open(new SqliteOptions(folder.FullName));
        var expected = Enumerable.Range(0, Cylinders).Select(_ => new List<long>()).ToArray();
        long position = 0;
        for (var transaction = 0; transaction < transactions; transaction++)
        {
            List<LedgerEntry> entries = [];
            for (var i = 0; i < entriesPerTransaction; i++, position++)
            {
                var cylinder = (int)(position * 31 % Cylinders);
                expected[cylinder].Add(position);
                entries.Add(Entry(position, $"C{cylinder}"));
            }

            await store.ApplyAsync(ProjectedBatch.Of(entries), default);
        }

        for (var cylinder = 0; cylinder < Cylinders; cylinder++)
        {
            Assert.Equal(expected[cylinder], await store.HistoryAsync($"C{cylinder}", 0, int.MaxValue, default));
            var middle = expected[cylinder][expected[cylinder].Count / 2];
            Assert.Equal(expected[cylinder].Where(at => at >= middle).Take(5), await store.HistoryAsync($"C{cylinder}", middle, 5, default));
            var query = new EntryQuery(0, string.Empty, string.Empty, $"C{cylinder}", string.Empty, null, null);
            Assert.Equal(expected[cylinder].Where(at => at < middle).Reverse().Take(5), await store.SearchAsync(query, middle, 5, default));
        }

        Assert.Empty(await store.HistoryAsync("C", 0, 10, default));
    }

    [Fact]
    public async Task Runs_are_as_many_when_the_store_was_opened_again_in_between()
    {
        for (var position = 0; position < 40; position++)
        {
            await using var store = SqliteProjectionStore.Open(new SqliteOptions(folder.FullName));
            await store.ApplyAsync(ProjectedBatch.Of([Entry(position, "C1")]), default);
        }

        await using var again = SqliteProjectionStore.Open(new SqliteOptions(folder.FullName));
        Assert.Equal(Enumerable.Range(0, 40).Select(position => (long)position), await again.HistoryAsync("C1", 0, 100, default));
    }

    [Fact]
    public async Task Permits_that_lay_by_their_names_are_found_by_their_deadlines()
    {
        var options = new SqliteOptions(folder.FullName);
        await SqliteProjectionStore.Open(options).DisposeAsync();
        await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.ProjectionsPath, Pooling = false }.ConnectionString))
        {
            await connection.ExecuteAsync("""
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
        }

        await using var store = SqliteProjectionStore.Open(options);
        Assert.Equal(["C2-7", "C1-1"], await store.FindLapsedPermitsAsync(1_800_000_200, 10, default));
    }

    private static LedgerEntry Entry(long position, string cylinderId)
    {
        var happened = Origin.Service.Event(new Moment(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000 + position)), cylinderId, "S1", "320102", "LPG");
        happened.CylinderScrapped = new CylinderScrapped { Reason = "test" };
        return new LedgerEntry(position, GasTrace.Ledger.Storage.EntryHeader.Of(happened), happened.ToByteArray());
    }
}
