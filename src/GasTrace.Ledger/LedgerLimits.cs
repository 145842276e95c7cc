namespace GasTrace.Ledger;

/// <summary>Limits of the ledger. Their relations are asserted by a test.</summary>
public static class LedgerLimits
{
    /// <summary>Most bytes of an entry: the tiles that publish the ledger prefix each with 16 bits of length (C2SP tlog-tiles).</summary>
    public const int EntryBytesMax = 65_535;

    /// <summary>Most units of a batch: beyond it a commit gets slower without getting cheaper per unit.</summary>
    public const int BatchUnitsMax = 1_024;

    /// <summary>Units that may wait for the writer. At its rate this is well below a second.</summary>
    public const int QueueUnitsMax = 8_192;

    /// <summary>Decisions of one request before it is told to try again.</summary>
    public const int DecisionsMax = 12;

    /// <summary>Rounds of naming cards: an alias leads to a cylinder, which leads to its inspection body.</summary>
    public const int NamingRoundsMax = 8;

    /// <summary>Entries that the tail keeps for live subscribers.</summary>
    public const int TailEntriesMax = 16_384;

    /// <summary>Bytes that the tail keeps for live subscribers.</summary>
    public const long TailBytesMax = 32L * 1024 * 1024;

    /// <summary>Entries that are read from a store at once.</summary>
    public const int ReadEntriesMax = 1_000;

    /// <summary>Cards changed by other nodes that a node remembers as changed, so that a slow read does not bring an old state back.</summary>
    public const int ForeignChangesMax = 65_536;

    /// <summary>Cards that a process keeps in memory unless configured.</summary>
    public const int CachedCardsDefault = 50_000;

    /// <summary>Reads of cards from a store or cache over the network that are under way at once. More would carry fewer cards each.</summary>
    public const int CardReadsAtOnce = 4;

    /// <summary>Offers of cards to the cache that nodes share that are under way at once.</summary>
    public const int CardOffersAtOnce = 2;

    /// <summary>Cards that may wait to be offered. What would come on top is not: the shared cache is slower than cards change.</summary>
    public const int CardOffersWaitingMax = 4_096;

    /// <summary>Cards that go over the network together: some hundred kilobytes.</summary>
    public const int CardsTogetherMax = 256;
}
