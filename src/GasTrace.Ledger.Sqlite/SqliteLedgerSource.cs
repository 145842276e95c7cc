using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Moving;
using GasTrace.Ledger.Sqlite.Cards;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite;

/// <summary>The ledger of a folder, read as a whole. The folder is this process's as long as it is open.</summary>
public sealed class SqliteLedgerSource : ILedgerSource
{
    private readonly DataFolder folder;
    private readonly SqliteReader entries;
    private readonly SqliteConnection ledger;
    private readonly SqliteConnection cards;
    private readonly CardLookup lookup;

    private SqliteLedgerSource(SqliteOptions options, DataFolder folder)
    {
        this.folder = folder;
        entries = new SqliteReader(options);
        ledger = SqliteConnections.OpenReader(options.LedgerPath, options);
        cards = SqliteConnections.OpenReader(options.CardsPath, options);
        lookup = new CardLookup(cards, options.CardTable);
        LedgerId = entries.Head().LedgerId;
    }

    /// <inheritdoc />
    public string LedgerId { get; }

    /// <summary>Opens the ledger of a folder.</summary>
    /// <exception cref="StoreStartException">There is none, or it is in use, damaged, or newer.</exception>
    public static async Task<SqliteLedgerSource> OpenAsync(SqliteOptions options)
    {
        if (!File.Exists(options.LedgerPath))
        {
            throw new StoreStartException(new($"'{options.Folder}' 中没有账本。", $"There is no ledger in '{options.Folder}'."));
        }

        // Opened as a store and closed: so it is checked, and cards that were not written yet are.
        await SqliteLedgerStore.Open(options).DisposeAsync();
        var folder = DataFolder.Own(options.Folder);
        try
        {
            return DataFolder.Guard(options.LedgerPath, () => new SqliteLedgerSource(options, folder));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public Task<long> GetHeadAsync(CancellationToken cancellationToken) => Task.FromResult(entries.Head().Next);

    /// <inheritdoc />
    public Task<IReadOnlyList<LedgerEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>(entries.Entries(from, limit));

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredCard>> ReadCardsAsync(string after, int limit, CancellationToken cancellationToken)
    {
        var place = after.Length == 0
            ? -1
            : lookup.PlaceOf(new CardKey(after)) ?? throw new StoreStartException(new($"复制应从卡片 '{after}' 之后继续，而本账本没有该键：复制开始后账本被恢复到了较早的状态。请清空目标后重新复制。", $"The copy goes on behind card '{after}', and this ledger has none of that key: it was put back to an earlier state since the copy began. Empty the target and copy again."));
        return Task.FromResult<IReadOnlyList<StoredCard>>(Page(
            cards, "Cards.Sql.select_cards_after", select => select.Bind(1, place).Bind(2, limit), static row => new StoredCard(new CardKey(row.Text(0)), row.Int64(1), row.Blob(2))));
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredClaim>> ReadClaimsAsync(string after, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StoredClaim>>(Page(
        ledger, "Ledger.Sql.select_claims_after", select => select.Bind(1, after).Bind(2, limit), static row => new StoredClaim(row.Text(0), row.Int64(1))));

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        entries.Dispose();
        ledger.Dispose();
        lookup.Dispose();
        cards.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static List<TRow> Page<TRow>(SqliteConnection connection, string file, Action<SqliteStatement> bind, Func<SqliteStatement, TRow> read)
    {
        using var statement = new SqliteStatement(connection.Handle!, SqlText.Of(file));
        bind(statement);
        List<TRow> rows = [];
        while (statement.Next())
        {
            rows.Add(read(statement));
        }

        return rows;
    }
}
