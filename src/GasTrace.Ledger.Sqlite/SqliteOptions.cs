using GasTrace.Ledger.Sqlite.Cards;

namespace GasTrace.Ledger.Sqlite;

/// <summary>Settings of the embedded store.</summary>
/// <param name="Folder">Folder of the data; created when absent.</param>
public sealed record SqliteOptions(string Folder)
{
    /// <summary>What changed cards may take in memory unless configured, KiB.</summary>
    public const int UnflushedKibDefault = 160 * 1_024;

    /// <summary>What flushed cards may take in memory unless configured, MiB: a million cylinders with their codes, or half a million with the last fills of each.</summary>
    public const int ResidentCardsMibDefault = 384;

    /// <summary>Page cache of the writer unless configured, MiB. It appends: a larger one is memory that was never touched before, at each page, until it is full.</summary>
    public const int WriterCacheMibDefault = 32;

    /// <summary>
    /// Bytes of a page; a database keeps the size it was made with. A page is written with two calls to the system, and again at the
    /// checkpoint: the rows of a large batch fill big ones, and a commit of a few rows writes three nearly empty ones whatever their size.
    /// </summary>
    public int PageBytes { get; init; } = 8_192;

    /// <summary>Page cache of the writer, MiB.</summary>
    public int WriterCacheMib { get; init; } = WriterCacheMibDefault;

    /// <summary>Page cache of each reading connection, MiB.</summary>
    public int ReaderCacheMib { get; init; } = 2;

    /// <summary>How much of a database readers see through the system's page cache without a call per page, MiB. It is the system's memory, given back under pressure. The writer does without: pages that it changes would be mapped and copied.</summary>
    public int MappedMib { get; init; } = 8_192;

    /// <summary>Pages of the write-ahead log at which it is started over, once the checkpointer has copied them.</summary>
    public int CheckpointPages { get; init; } = 8_192;

    /// <summary>What changed cards may take in memory until they are written; flushing begins at half of it.</summary>
    public long UnflushedBytesMax { get; init; } = UnflushedKibDefault * 1_024L;

    /// <summary>What flushed cards may take in memory, MiB; below 8 none are kept, and each is read from its table.</summary>
    public int ResidentCardsMib { get; init; } = ResidentCardsMibDefault;

    /// <summary>
    /// Changed cards that are written in one transaction: commits of the ledger wait for the same disk meanwhile, some 8 MB. After
    /// each the log starts over, and readers take a new snapshot, without the pages that they had cached. When flushing falls behind
    /// they are up to sixteen times as many.
    /// </summary>
    public int FlushChunkCards { get; init; } = 2_048;

    /// <summary>Bytes of changes in the ledger's database at which flushing begins: the start after a crash reads them.</summary>
    public long UnflushedLogBytes { get; init; } = 128L * 1_048_576;

    /// <summary>Entries of which the typed tables remember in memory where their cylinders' are, four bytes each, before they write it down.</summary>
    public int HistoryRunEntries { get; init; } = 65_536;

    /// <summary>
    /// With pages as small as the file system's: for rows that are put here and there. Of ten million cards, those that are flushed
    /// together have a page each.
    /// </summary>
    internal SqliteOptions WithSmallPages => this with { PageBytes = 4_096 };

    /// <summary>Bits of the hash that places cards; fewer only to see what happens where they meet.</summary>
    internal int CardHashBits { get; init; } = CardPlaces.HashBitsDefault;

    /// <summary>Where cards lie in their table.</summary>
    internal CardPlaces CardTable => new(CardHashBits);

    /// <summary>The ledger's database.</summary>
    public string LedgerPath => Path.Combine(Folder, "ledger.db");

    /// <summary>The cards' database: of its own, so that flushing never holds up a commit.</summary>
    public string CardsPath => Path.Combine(Folder, "cards.db");

    /// <summary>The projections' database: of its own, so that they never wait for the ledger's writer, nor it for them.</summary>
    public string ProjectionsPath => Path.Combine(Folder, "projections.db");
}
