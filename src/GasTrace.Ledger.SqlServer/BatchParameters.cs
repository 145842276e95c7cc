using System.Data;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Moving;
using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;
using Microsoft.Data.SqlClient.Server;

namespace GasTrace.Ledger.SqlServer;

/// <summary>A batch as table-valued parameters.</summary>
internal static class BatchParameters
{
    private const int KeyLengthMax = 200;
    private static readonly SqlMetaData[] Units = [new("unit", SqlDbType.Int), new("entries", SqlDbType.Int)];
    private static readonly SqlMetaData[] Entries =
    [
        new("unit", SqlDbType.Int), new("ordinal", SqlDbType.Int), new("kind", SqlDbType.Int), new("subject", SqlDbType.NVarChar, 200),
        new("station", SqlDbType.NVarChar, 64), new("region", SqlDbType.NVarChar, 6), new("gas", SqlDbType.NVarChar, 32), new("recorded_at", SqlDbType.BigInt),
        new("payload", SqlDbType.VarBinary, SqlMetaData.Max), new("leaf_hash", SqlDbType.Binary, LeafHash.Bytes),
    ];
    private static readonly SqlMetaData[] Reads = [new("read_id", SqlDbType.Int), Key("card_key"), new("version", SqlDbType.BigInt)];
    private static readonly SqlMetaData[] UnitReads = [new("unit", SqlDbType.Int), new("ordinal", SqlDbType.Int), new("read_id", SqlDbType.Int)];
    private static readonly SqlMetaData[] Writes =
        [new("unit", SqlDbType.Int), new("ordinal", SqlDbType.Int), Key("card_key"), new("version", SqlDbType.BigInt), new("state", SqlDbType.VarBinary, SqlMetaData.Max)];
    private static readonly SqlMetaData[] Claims = [new("unit", SqlDbType.Int), new("ordinal", SqlDbType.Int), Key("claim_key")];
    private static readonly SqlMetaData[] CopiedClaims = [new("ordinal", SqlDbType.Int), Key("claim_key"), new("position", SqlDbType.BigInt)];
    private static readonly SqlMetaData[] Wanted = [new("ordinal", SqlDbType.Int), Key("card_key")];

    /// <summary>Adds a batch to the append's command.</summary>
    public static void AddBatch(SqlCommand command, IReadOnlyList<AppendUnit> batch)
    {
        List<SqlDataRecord> units = [], entries = [], reads = [], unitReads = [], writes = [], claims = [];
        Dictionary<CardRead, int> readIds = [];
        for (var unit = 0; unit < batch.Count; unit++)
        {
            units.Add(Record(Units, unit, batch[unit].Entries.Length));
            for (var ordinal = 0; ordinal < batch[unit].Entries.Length; ordinal++)
            {
                var (header, payload) = batch[unit].Entries[ordinal];
                entries.Add(Entry(unit, ordinal, header, payload));
            }

            for (var ordinal = 0; ordinal < batch[unit].Reads.Length; ordinal++)
            {
                var read = batch[unit].Reads[ordinal];
                if (!readIds.TryGetValue(read, out var id))
                {
                    readIds[read] = id = reads.Count;
                    reads.Add(Record(Reads, id, Exact(read.Key.Value), read.Version));
                }

                unitReads.Add(Record(UnitReads, unit, ordinal, id));
            }

            for (var ordinal = 0; ordinal < batch[unit].Writes.Length; ordinal++)
            {
                var write = batch[unit].Writes[ordinal];
                writes.Add(Record(Writes, unit, ordinal, Exact(write.Key.Value), write.VersionSeen + 1, write.State.ToArray()));
            }

            for (var ordinal = 0; ordinal < batch[unit].Claims.Length; ordinal++)
            {
                claims.Add(Record(Claims, unit, ordinal, Exact(batch[unit].Claims[ordinal])));
            }
        }

        Add(command, "@units", "dbo.batch_unit", Units, units);
        Add(command, "@entries", "dbo.batch_entry", Entries, entries);
        Add(command, "@reads", "dbo.batch_read", Reads, reads);
        Add(command, "@unit_reads", "dbo.batch_unit_read", UnitReads, unitReads);
        Add(command, "@writes", "dbo.batch_write", Writes, writes);
        Add(command, "@claims", "dbo.batch_claim", Claims, claims);
    }

    /// <summary>Adds the keys of cards that are wanted.</summary>
    public static void AddWanted(SqlCommand command, IReadOnlyList<CardKey> keys) =>
        Add(command, "@wanted", "dbo.wanted_card", Wanted, [.. keys.Select((key, ordinal) => Record(Wanted, ordinal, Exact(key.Value)))]);

    /// <summary>Adds entries to be copied, in their order.</summary>
    public static void AddEntries(SqlCommand command, IReadOnlyList<LedgerEntry> entries) =>
        Add(command, "@entries", "dbo.batch_entry", Entries, [.. entries.Select((entry, ordinal) => Entry(0, ordinal, entry.Header, entry.Payload))]);

    /// <summary>Adds cards to be copied.</summary>
    public static void AddCards(SqlCommand command, IReadOnlyList<StoredCard> cards) =>
        Add(command, "@cards", "dbo.batch_write", Writes, [.. cards.Select((card, ordinal) => Record(Writes, 0, ordinal, Exact(card.Key.Value), card.Version, card.State.ToArray()))]);

    /// <summary>Adds claims to be copied.</summary>
    public static void AddClaims(SqlCommand command, IReadOnlyList<StoredClaim> claims) =>
        Add(command, "@claims", "dbo.copied_claim", CopiedClaims, [.. claims.Select((claim, ordinal) => Record(CopiedClaims, ordinal, Exact(claim.Key), claim.Position))]);

    /// <summary>A key, which the server's comparison must not confuse with another.</summary>
    /// <exception cref="InvalidOperationException">It is too long, or begins or ends with a blank.</exception>
    public static string Exact(string key) => key.Length is > 0 and <= KeyLengthMax && !char.IsWhiteSpace(key[0]) && !char.IsWhiteSpace(key[^1])
        ? key
        : throw new InvalidOperationException($"The key '{key}' must have 1 to {KeyLengthMax} characters and neither begin nor end with a blank.");

    private static SqlDataRecord Entry(int unit, int ordinal, EntryHeader header, ReadOnlyMemory<byte> payload) => Record(
        Entries, unit, ordinal, header.Kind, header.Subject, header.Station, header.Region, header.Gas, header.RecordedAtMicros, payload.ToArray(), LeafHash.Of(payload.Span));

    private static SqlMetaData Key(string name) => new(name, SqlDbType.NVarChar, KeyLengthMax);

    private static SqlDataRecord Record(SqlMetaData[] columns, params ReadOnlySpan<object> values)
    {
        var record = new SqlDataRecord(columns);
        for (var i = 0; i < values.Length; i++)
        {
            record.SetValue(i, values[i]);
        }

        return record;
    }

    private static void Add(SqlCommand command, string name, string type, SqlMetaData[] columns, List<SqlDataRecord> records) =>
        // A list without records is refused by the client; a table without rows is not.
        command.Parameters.Add(new SqlParameter(name, SqlDbType.Structured) { TypeName = type, Value = records.Count > 0 ? records : Empty(columns) });

    private static DataTable Empty(SqlMetaData[] columns)
    {
        var table = new DataTable();
        foreach (var column in columns)
        {
            table.Columns.Add(column.Name, column.SqlDbType switch
            {
                SqlDbType.Int => typeof(int),
                SqlDbType.BigInt => typeof(long),
                SqlDbType.NVarChar => typeof(string),
                _ => typeof(byte[]),
            });
        }

        return table;
    }
}
