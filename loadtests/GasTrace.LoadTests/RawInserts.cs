using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GasTrace.LoadTests;

/// <summary>
/// What the machine itself can do: bare prepared statements that write a ledger row, a card and a claim per unit, in batches
/// of the same size, with the same durability, over as many cards. Nothing is decided, nothing is checked.
/// </summary>
internal static class RawInserts
{
    private const string Schema = """
        PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-131072; PRAGMA wal_autocheckpoint=16384;
        CREATE TABLE ledger (position INTEGER PRIMARY KEY, kind INTEGER, subject TEXT, station TEXT, region TEXT, gas TEXT, recorded_at INTEGER, payload BLOB, leaf_hash BLOB);
        CREATE TABLE card (key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE claim (key TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
        """;

    public static Measurement Run(string folder, int cards, int batch, int payloadBytes, int stateBytes, TimeSpan window)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "raw.db")};Pooling=False");
        connection.Open();
        Execute(connection, Schema);
        var handle = connection.Handle!;
        var begin = Prepare(handle, "BEGIN IMMEDIATE");
        var commit = Prepare(handle, "COMMIT");
        var card = Prepare(handle, "INSERT INTO card VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET version = excluded.version, state = excluded.state");
        var entry = Prepare(handle, "INSERT INTO ledger VALUES (?1, 20, ?2, 'S001', '320102', 'LPG', ?3, ?4, ?5)");
        var claim = Prepare(handle, "INSERT INTO claim VALUES (?1, ?2)");
        var state = new byte[stateBytes];
        Random.Shared.NextBytes(state);
        for (var first = 0; first < cards; first += 10_000)
        {
            Step(begin);
            for (var number = first; number < Math.Min(cards, first + 10_000); number++)
            {
                PutCard(card, number, state);
            }

            Step(commit);
        }

        var payload = new byte[payloadBytes];
        Random.Shared.NextBytes(payload);
        long position = 0;
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < window)
        {
            Step(begin);
            for (var i = 0; i < batch; i++)
            {
                PutCard(card, Random.Shared.Next(cards), state);
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

        var rate = position / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        foreach (var statement in (sqlite3_stmt[])[begin, commit, card, entry, claim])
        {
            statement.Dispose();
        }

        return new Measurement("raw inserts", "units", rate, 0, 0, 0, 0);
    }

    private static void PutCard(sqlite3_stmt card, int number, byte[] state)
    {
        raw.sqlite3_bind_text(card, 1, "cylinder:" + Domain.Registry.Codes.IssuedIdentity.CylinderId($"load-{number}"));
        raw.sqlite3_bind_int64(card, 2, number);
        raw.sqlite3_bind_blob(card, 3, state);
        Step(card);
    }

    private static sqlite3_stmt Prepare(sqlite3 handle, string sql)
    {
        raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
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

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
