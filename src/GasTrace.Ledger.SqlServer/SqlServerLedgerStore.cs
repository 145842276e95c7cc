using System.Data;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;
using Polly.Timeout;

namespace GasTrace.Ledger.SqlServer;

/// <summary>
/// The production store: one procedure call per batch, ordered by the lock on the head row, shared by any number of nodes. A
/// read that meets a passing fault is tried again; an append never is: when its reply is lost, the server is asked what became
/// of it, and a batch that has not come by then is given up for ever.
/// </summary>
public sealed class SqlServerLedgerStore : ILedgerStore
{
    private static readonly EmbeddedSql Sql = new(typeof(SqlServerLedgerStore).Assembly);
    private readonly SqlServerLink link;
    private readonly Guid writerId = Guid.NewGuid();
    private readonly AppendTurns turns = new();
    private long lastBatch;
    private bool unresolved;

    private SqlServerLedgerStore(SqlServerLink link, string ledgerId)
    {
        this.link = link;
        LedgerId = ledgerId;
    }

    /// <inheritdoc />
    public string LedgerId { get; }

    /// <summary>Opens the ledger of a database, bringing its schema up to date.</summary>
    /// <exception cref="StoreStartException">The database cannot be reached or used, is newer, or is the unfinished copy of a ledger.</exception>
    public static Task<SqlServerLedgerStore> OpenAsync(SqlServerOptions options, CancellationToken cancellationToken) => OpenAsync(options, duringCopy: false, cancellationToken);

    internal static async Task<SqlServerLedgerStore> OpenAsync(SqlServerOptions options, bool duringCopy, CancellationToken cancellationToken)
    {
        try
        {
            var link = new SqlServerLink(options);
            await SnapshotReads.UseAsync(options, cancellationToken);
            await SqlServerMigrations.RunAsync(options, cancellationToken);
            await using var connection = await link.ConnectAsync(cancellationToken);
            var (ledgerId, unfinished) = await StartAsync(connection, cancellationToken);
            return unfinished && !duringCopy
                ? throw new StoreStartException(new("正有账本复制到该数据库，尚未完成。请再次运行 'gastrace copy'，它会从中断处继续。", "A ledger is being copied into this database, and that is not finished. Run 'gastrace copy' again: it goes on where it was."))
                : new SqlServerLedgerStore(link, ledgerId);
        }
        catch (Exception error) when (error is SqlException or NotSupportedException or ArgumentException or FormatException)
        {
            throw SqlFaults.Start(error);
        }
    }

    /// <inheritdoc />
    public Task<AppendResult> AppendAsync(Func<IReadOnlyList<AppendUnit>> fetch, CancellationToken cancellationToken) => turns.RunAsync(fetch, async batch =>
    {
        if (unresolved)
        {
            await FindBatchAsync(cancellationToken);
        }

        lastBatch++;
        return await AppendOnceAsync(batch, cancellationToken);
    }, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken) => link.ReadAsync("Sql.select_entries", command =>
    {
        command.Parameters.Add("@from_position", SqlDbType.BigInt).Value = from;
        command.Parameters.Add("@limit", SqlDbType.Int).Value = limit;
    }, EntriesAsync, cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) => await link.ReadAsync(
        "Sql.select_cards", command => BatchParameters.AddWanted(command, keys), async (reader, cancelled) =>
        {
            var cards = new StoredCard[keys.Count];
            while (await reader.ReadAsync(cancelled))
            {
                var ordinal = reader.GetInt32(0);
                cards[ordinal] = new StoredCard(keys[ordinal], reader.GetInt64(1), reader.IsDBNull(2) ? ReadOnlyMemory<byte>.Empty : (byte[])reader[2]);
            }

            return cards;
        }, cancellationToken);

    /// <inheritdoc />
    public Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken) => link.ReadAsync<long?>(
        "Sql.select_claim", command => command.Parameters.Add("@claim_key", SqlDbType.NVarChar, 200).Value = BatchParameters.Exact(key),
        async (reader, cancelled) => await reader.ReadAsync(cancelled) ? reader.GetInt64(0) : null, cancellationToken);

    /// <inheritdoc />
    public Task<long> GetHeadAsync(CancellationToken cancellationToken) => link.ReadAsync(
        "Sql.select_head", _ => { }, async (reader, cancelled) => await reader.ReadAsync(cancelled) ? reader.GetInt64(0) : throw NoHead(), cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        turns.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<AppendResult> AppendOnceAsync(IReadOnlyList<AppendUnit> batch, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await link.ConnectAsync(cancellationToken);
            await using var command = Procedure(connection, "dbo.append_batch");
            BatchParameters.AddBatch(command, batch);
            unresolved = true;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var result = await OutcomesAsync(reader, batch.Count, cancellationToken);
            unresolved = false;
            return result;
        }
        catch (SqlException error) when (!unresolved || SqlFaults.RolledBack(error))
        {
            unresolved = false;
            throw SqlFaults.Unavailable(error);
        }
        catch (Exception error) when (error is SqlException or InvalidOperationException or IOException or OperationCanceledException && unresolved)
        {
            // Whoever asked may be gone; what became of the batch must be known all the same.
            var (first, entries) = await FindBatchAsync(CancellationToken.None);
            return first < 0 ? throw SqlFaults.Unavailable(error) : await RecallAsync(batch, first, entries);
        }
    }

    // The reply was lost and the batch is committed: its entries, in order, tell which units won.
    private async Task<AppendResult> RecallAsync(IReadOnlyList<AppendUnit> batch, long first, int count)
    {
        var entries = await ReadAsync(first, Math.Max(count, 1), CancellationToken.None);
        var cards = await GetCardsAsync([.. batch.SelectMany(unit => unit.Writes).Select(write => write.Key).Distinct()], CancellationToken.None);
        return LostReply.Outcomes(batch, first, [.. entries.Take(count)], cards);
    }

    // What became of the last batch; it is given up for ever when it has not come.
    private async Task<(long First, int Entries)> FindBatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await link.RetryAsync(async cancelled =>
            {
                await using var connection = await link.ConnectAsync(cancelled);
                await using var command = Procedure(connection, "dbo.find_batch");
                await using var reader = await command.ExecuteReaderAsync(cancelled);
                return await reader.ReadAsync(cancelled) ? (reader.GetInt64(0), reader.GetInt32(1)) : (-1L, 0);
            }, cancellationToken);
            unresolved = false;
            return found;
        }
        catch (Exception error) when (error is SqlException or TimeoutRejectedException)
        {
            throw new StoreUnavailableException($"SQL Server cannot be reached, and what became of the last batch is not known yet: the same request again will tell. {SqlFaults.OneLine(error)}", error);
        }
    }

    private SqlCommand Procedure(SqlConnection connection, string name)
    {
        var command = new SqlCommand(name, connection) { CommandType = CommandType.StoredProcedure, CommandTimeout = link.CommandTimeoutSeconds };
        command.Parameters.Add("@writer_id", SqlDbType.UniqueIdentifier).Value = writerId;
        command.Parameters.Add("@batch", SqlDbType.BigInt).Value = lastBatch;
        return command;
    }

    private static async Task<AppendResult> OutcomesAsync(SqlDataReader reader, int units, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var first = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var outcomes = new UnitOutcome[units];
        while (await reader.ReadAsync(cancellationToken))
        {
            outcomes[reader.GetInt32(0)] = new UnitOutcome(
                reader.GetInt32(1) switch { 0 => UnitFate.Committed, 1 => UnitFate.StaleCard, _ => UnitFate.ClaimTaken }, reader.GetInt64(3), reader.GetString(2));
        }

        return new AppendResult(first, outcomes);
    }

    private static async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(SqlDataReader reader, CancellationToken cancellationToken)
    {
        List<LedgerEntry> entries = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            var header = new EntryHeader(reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetInt64(6));
            entries.Add(new LedgerEntry(reader.GetInt64(0), header, (byte[])reader[7]));
        }

        return entries;
    }

    private static async Task<(string LedgerId, bool Unfinished)> StartAsync(SqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new SqlCommand(Sql.Of("Sql.select_start"), connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(1), reader.GetInt32(2) > 0) : throw NoHead();
    }

    private static StoreStartException NoHead() => new(new("账本的首行丢失：已损坏。", "The ledger has lost its head row: it is damaged."));
}
