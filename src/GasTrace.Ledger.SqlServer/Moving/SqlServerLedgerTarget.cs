using System.Data;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Moving;
using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;

namespace GasTrace.Ledger.SqlServer.Moving;

/// <summary>A database that a ledger is copied into.</summary>
public sealed class SqlServerLedgerTarget : ILedgerTarget
{
    private readonly SqlServerLink link;
    private readonly SqlServerLedgerStore store;

    private SqlServerLedgerTarget(SqlServerOptions options, SqlServerLedgerStore store)
    {
        link = new SqlServerLink(options);
        this.store = store;
        LedgerId = store.LedgerId;
    }

    /// <inheritdoc />
    public string LedgerId { get; private set; }

    /// <summary>Opens a database, bringing its schema up to date.</summary>
    /// <exception cref="StoreStartException">It cannot be reached or used, or is newer.</exception>
    public static async Task<SqlServerLedgerTarget> OpenAsync(SqlServerOptions options, CancellationToken cancellationToken) =>
        new(options, await SqlServerLedgerStore.OpenAsync(options, duringCopy: true, cancellationToken));

    /// <inheritdoc />
    public Task<long> GetHeadAsync(CancellationToken cancellationToken) => store.GetHeadAsync(cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<LedgerEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) => store.ReadAsync(from, limit, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredCard>> ReadCardsAsync(string after, int limit, CancellationToken cancellationToken) => PageAsync(
        "select_cards_after", after, limit, static row => new StoredCard(new CardKey(row.GetString(0)), row.GetInt64(1), (byte[])row[2]), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredClaim>> ReadClaimsAsync(string after, int limit, CancellationToken cancellationToken) => PageAsync(
        "select_claims_after", after, limit, static row => new StoredClaim(row.GetString(0), row.GetInt64(1)), cancellationToken);

    /// <inheritdoc />
    public async Task<CopyState> BeginAsync(string ledgerId, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await link.ConnectAsync(cancellationToken);
            await using var command = Procedure(connection, "dbo.begin_copy");
            command.Parameters.Add("@ledger_id", SqlDbType.Char, 32).Value = ledgerId;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            LedgerId = ledgerId;
            return new CopyState(reader.GetInt64(0), reader.GetString(1), reader.GetString(2));
        }
        catch (SqlException error)
        {
            throw SqlFaults.Start(error);
        }
    }

    /// <inheritdoc />
    public Task WriteEntriesAsync(CopyState before, IReadOnlyList<LedgerEntry> entries, CancellationToken cancellationToken) => CallAsync("dbo.copy_entries", command =>
    {
        command.Parameters.Add("@from", SqlDbType.BigInt).Value = before.NextEntry;
        BatchParameters.AddEntries(command, entries);
    }, cancellationToken);

    /// <inheritdoc />
    public Task WriteCardsAsync(CopyState before, IReadOnlyList<StoredCard> cards, CancellationToken cancellationToken) => CallAsync("dbo.copy_cards", command =>
    {
        AddRange(command, before.LastCard, cards[^1].Key.Value);
        BatchParameters.AddCards(command, cards);
    }, cancellationToken);

    /// <inheritdoc />
    public Task WriteClaimsAsync(CopyState before, IReadOnlyList<StoredClaim> claims, CancellationToken cancellationToken) => CallAsync("dbo.copy_claims", command =>
    {
        AddRange(command, before.LastClaim, claims[^1].Key);
        BatchParameters.AddClaims(command, claims);
    }, cancellationToken);

    /// <inheritdoc />
    public Task FinishAsync(CancellationToken cancellationToken) => link.ReadAsync(
        "Moving.Sql.finish_copy", _ => { }, async (reader, cancelled) => await reader.ReadAsync(cancelled), cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static void AddRange(SqlCommand command, string after, string last)
    {
        command.Parameters.Add("@after", SqlDbType.NVarChar, 200).Value = after;
        command.Parameters.Add("@last", SqlDbType.NVarChar, 200).Value = last;
    }

    private SqlCommand Procedure(SqlConnection connection, string name) =>
        new(name, connection) { CommandType = CommandType.StoredProcedure, CommandTimeout = link.CommandTimeoutSeconds };

    // Not tried again: whether a call whose reply was lost came true is known when the copy is gone on with.
    private async Task CallAsync(string procedure, Action<SqlCommand> bind, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await link.ConnectAsync(cancellationToken);
            await using var command = Procedure(connection, procedure);
            bind(command);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (SqlException error)
        {
            throw SqlFaults.Unavailable(error);
        }
    }

    private Task<IReadOnlyList<TRow>> PageAsync<TRow>(string file, string after, int limit, Func<SqlDataReader, TRow> read, CancellationToken cancellationToken) => link.ReadAsync(
        "Moving.Sql." + file,
        command =>
        {
            command.Parameters.Add("@after", SqlDbType.NVarChar, 200).Value = after;
            command.Parameters.Add("@limit", SqlDbType.Int).Value = limit;
        },
        async (reader, cancelled) =>
        {
            List<TRow> rows = [];
            while (await reader.ReadAsync(cancelled))
            {
                rows.Add(read(reader));
            }

            return (IReadOnlyList<TRow>)rows;
        }, cancellationToken);
}
