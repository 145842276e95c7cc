using GasTrace.Ledger.Storage;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GasTrace.LoadTests.Baselines;

/// <summary>
/// What the machine itself can do: bare prepared statements that write a ledger row, a card and a claim per unit, in batches,
/// with the same durability, over as many cards. Nothing is decided, nothing is checked.
/// </summary>
internal sealed class RawInserts : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-131072; PRAGMA wal_autocheckpoint=16384;
        CREATE TABLE ledger (position INTEGER PRIMARY KEY, kind INTEGER, subject TEXT, station TEXT, region TEXT, gas TEXT, recorded_at INTEGER, payload BLOB, leaf_hash BLOB);
        CREATE TABLE card (key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE claim (key TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection connection;
    private readonly int cards;
    private readonly byte[] payload;
    private readonly byte[] state;
    private readonly sqlite3_stmt begin;
    private readonly sqlite3_stmt commit;
    private readonly sqlite3_stmt card;
    private readonly sqlite3_stmt entry;
    private readonly sqlite3_stmt claim;
    private long position;

    // As the store has it: without locks that one thread takes for nothing.
    static RawInserts()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public RawInserts(string path, int cards, int payloadBytes, int stateBytes)
    {
        this.cards = cards;
        (payload, state) = (new byte[payloadBytes], new byte[stateBytes]);
        Random.Shared.NextBytes(payload);
        Random.Shared.NextBytes(state);
        connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = Schema;
            command.ExecuteNonQuery();
        }

        begin = Prepare("BEGIN IMMEDIATE");
        commit = Prepare("COMMIT");
        card = Prepare("INSERT INTO card VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET version = excluded.version, state = excluded.state");
        entry = Prepare("INSERT INTO ledger VALUES (?1, 20, ?2, 'S001', '320102', 'LPG', ?3, ?4, ?5)");
        claim = Prepare("INSERT INTO claim VALUES (?1, ?2)");
        Fill();
    }

    /// <summary>Inserts for as long as the window lasts, so many units a commit.</summary>
    public Measurement Run(string name, int batch, TimeSpan window)
    {
        var first = position;
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < window)
        {
            Step(begin);
            for (var i = 0; i < batch; i++)
            {
                PutCard(Random.Shared.Next(cards));
                raw.sqlite3_bind_int64(entry, 1, position);
                raw.sqlite3_bind_text(entry, 2, "C0000000000001");
                raw.sqlite3_bind_int64(entry, 3, position);
                raw.sqlite3_bind_blob(entry, 4, payload);
                raw.sqlite3_bind_blob(entry, 5, LeafHash.Of(payload));
                Step(entry);
                raw.sqlite3_bind_text(claim, 1, "r:" + Requests.NewId());
                raw.sqlite3_bind_int64(claim, 2, position++);
                Step(claim);
            }

            Step(commit);
        }

        return new Measurement(name, "units", (position - first) / TimeProvider.System.GetElapsedTime(began).TotalSeconds, BatchUnits: batch);
    }

    public void Dispose()
    {
        foreach (var statement in (sqlite3_stmt[])[begin, commit, card, entry, claim])
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private void Fill()
    {
        const int Together = 10_000;
        for (var first = 0; first < cards; first += Together)
        {
            Step(begin);
            for (var number = first; number < Math.Min(cards, first + Together); number++)
            {
                PutCard(number);
            }

            Step(commit);
        }
    }

    private void PutCard(int number)
    {
        raw.sqlite3_bind_text(card, 1, "cylinder:" + City.CylinderId(number));
        raw.sqlite3_bind_int64(card, 2, number);
        raw.sqlite3_bind_blob(card, 3, state);
        Step(card);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        raw.sqlite3_prepare_v3(connection.Handle!, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        return statement;
    }

    private static void Step(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (result is not raw.SQLITE_DONE)
        {
            throw new InvalidOperationException($"SQLite answered {result}.");
        }
    }
}
