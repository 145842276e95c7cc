using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// The cards of the embedded store, in a database of their own that is written behind the ledger's: a commit only appends,
/// and at start the changes after what the table holds are taken from the ledger's database again.
/// </summary>
internal sealed class SqliteCards : IDisposable
{
    private readonly KnownVersions known = new();
    private readonly RecentChanges recent;
    private readonly UnflushedCards unflushed;
    private readonly ResidentCards resident;
    private readonly CardReaders readers;
    private readonly CardFlusher flusher;
    private readonly CardWarmer warmer;

    private SqliteCards(SqliteOptions options, UnflushedCards unflushed, long flushedBatch)
    {
        this.unflushed = unflushed;
        recent = new RecentChanges(unflushed.LastBatch);
        resident = new ResidentCards(options.ResidentCardsMib * 1_048_576L);
        readers = new CardReaders(options);
        flusher = new CardFlusher(options, unflushed, readers, resident, flushedBatch);
        warmer = new CardWarmer(readers, resident);
    }

    /// <summary>The last batch that was taken in.</summary>
    public long LastBatch => unflushed.LastBatch;

    /// <summary>The ledger's database may forget the changes up to this batch.</summary>
    public long FlushedBatch => flusher.FlushedBatch;

    /// <summary>Opens the cards that belong to a ledger, creating them when they can be made from it.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="ledger">The ledger's database.</param>
    /// <param name="ledgerId">The ledger.</param>
    /// <exception cref="StoreStartException">Damaged, newer, or of another ledger or another state of it.</exception>
    public static SqliteCards Open(SqliteOptions options, SqliteConnection ledger, string ledgerId) => DataFolder.Guard(options.CardsPath, () =>
    {
        SqliteMigrations.Run(options.CardsPath, "Cards", options.WithSmallPages);
        using var end = new SqliteStatement(ledger.Handle!, SqlText.Of("Ledger.Sql.select_batches"));
        end.Next();
        var (trimmed, last) = (end.Int64(0), end.Int64(1));
        var flushed = Claim(options, ledgerId);
        if (flushed < trimmed || flushed > last)
        {
            throw new StoreStartException(
                new($"'{options.CardsPath}' 中的卡片停在批次 {flushed}，而旁边的账本为批次 {trimmed} 至 {last}：只恢复了两者之一。未作任何更改；请从同一份备份恢复两者。", $"The cards in '{options.CardsPath}' stand at batch {flushed}, and the ledger beside them leads from batch {trimmed} to {last}: one of the two was restored without the other. Nothing was changed; restore both from one backup."));
        }

        var unflushed = new UnflushedCards();
        unflushed.Accept(flushed, []);
        using var changes = new SqliteStatement(ledger.Handle!, SqlText.Of("Ledger.Sql.select_changes"));
        changes.Bind(1, flushed);
        while (changes.Next())
        {
            unflushed.Accept(changes.Int64(0), CardChangeLog.Parse(changes.Blob(1)));
        }

        return new SqliteCards(options, unflushed, flushed);
    });

    /// <summary>Cards in the order asked for; version 0 for those never written.</summary>
    public StoredCard[] Get(IReadOnlyList<CardKey> keys)
    {
        var cards = new StoredCard[keys.Count];
        while (true)
        {
            // The generation first: when it is still the same at the end, no card has left the unflushed ones meanwhile.
            var generation = readers.Generation;
            var stamp = StampOf(unflushed.LastBatch);
            var missing = 0;
            for (var i = 0; i < cards.Length; i++)
            {
                if (unflushed.TryGet(keys[i], out var card) || resident.TryGet(keys[i], out card))
                {
                    cards[i] = card with { Stamp = stamp };
                }
                else
                {
                    cards[i] = default;
                    missing++;
                }
            }

            if (missing > 0)
            {
                var evictions = resident.Evictions;
                readers.Read(
                    generation, (Keys: keys, Cards: cards, Stamp: stamp, Resident: resident, Evictions: evictions),
                    static (reader, wanted) => Fill(reader, wanted.Keys, wanted.Cards, wanted.Stamp, wanted.Resident, wanted.Evictions));
            }

            if (missing == 0 || generation == readers.Generation)
            {
                return cards;
            }
        }
    }

    /// <summary>Whether a card is still as it was read. For the writer, which alone changes cards.</summary>
    public bool IsCurrent(CardRead read)
    {
        if (recent.IsStill(read.Key, read.Version, read.Stamp - 1) is { } still)
        {
            return still;
        }

        if (known.TryGet(read.Key, out var version))
        {
            return version == read.Version;
        }

        // The unflushed first: a card leaves them after the generation in which the table has it has begun.
        return (unflushed.TryGet(read.Key, out var card) ? card.Version : LookUp(read.Key)) == read.Version;
    }

    /// <summary>Takes in what a committed batch changed.</summary>
    public void Accept(long batch, IReadOnlyList<StoredCard> changed, int bytes)
    {
        foreach (var card in changed)
        {
            known.Changed(card.Key, card.Version);
        }

        recent.Add(batch, changed);
        unflushed.Accept(batch, changed);
        flusher.Committed(bytes);
    }

    /// <summary>Waits while too many cards are unflushed.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be flushed.</exception>
    public void WaitForRoom() => flusher.WaitForRoom();

    public void Dispose()
    {
        warmer.Dispose();
        flusher.Dispose();
        readers.Dispose();
    }

    private static bool Fill(CardReader reader, IReadOnlyList<CardKey> keys, StoredCard[] cards, long stamp, ResidentCards resident, long evictions)
    {
        for (var i = 0; i < cards.Length; i++)
        {
            if (cards[i].Key.Value is null)
            {
                cards[i] = reader.Card(keys[i]) with { Stamp = stamp };
                if (cards[i].Version > 0)
                {
                    resident.Offer(cards[i], evictions);
                }
            }
        }

        return true;
    }

    // The last batch of which whatever is read from now on shows every change. No stamp is 0.
    private static long StampOf(long batch) => batch + 1;

    private long LookUp(CardKey key)
    {
        while (true)
        {
            var generation = readers.Generation;
            var version = readers.Read(generation, key, static (reader, wanted) => reader.Version(wanted));
            if (generation == readers.Generation)
            {
                known.Add(key, version);
                return version;
            }
        }
    }

    // The batch up to which the table holds every change; the table becomes the ledger's when it is nobody's.
    private static long Claim(SqliteOptions options, string ledgerId)
    {
        using var connection = SqliteConnections.OpenWriter(options.CardsPath, options.WithSmallPages with { WriterCacheMib = 1 }, fullySynchronous: true);
        using var select = new SqliteStatement(connection.Handle!, SqlText.Of("Cards.Sql.select_head"));
        if (!select.Next())
        {
            throw new StoreStartException(new($"'{options.CardsPath}' 的首行丢失：已损坏。", $"'{options.CardsPath}' has lost its head row: it is damaged."));
        }

        var (flushed, owner) = (select.Int64(0), select.Text(1));
        select.Reset();
        if (owner.Length == 0)
        {
            using var update = new SqliteStatement(connection.Handle!, SqlText.Of("Cards.Sql.update_ledger"));
            update.Bind(1, ledgerId).Run();
        }
        else if (owner != ledgerId)
        {
            throw new StoreStartException(new($"'{options.CardsPath}' 中的卡片属于账本 {owner}，而旁边的账本为 {ledgerId}。未作任何更改；请从同一份备份恢复两者。", $"The cards in '{options.CardsPath}' belong to ledger {owner}, and the ledger beside them is {ledgerId}. Nothing was changed; restore both from one backup."));
        }

        return flushed;
    }
}
