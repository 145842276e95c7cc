namespace GasTrace.Ledger.Sqlite.Ledger;

/// <summary>Where the ledger stands.</summary>
/// <param name="Next">The next position.</param>
/// <param name="TrimmedBatch">Changes of cards up to this batch were deleted: the card table has them.</param>
/// <param name="LedgerId">The ledger.</param>
/// <param name="EntriesNoted">Entries that there are by what was noted with the last batch: with others it is damaged.</param>
internal readonly record struct LedgerHead(long Next, long TrimmedBatch, string LedgerId, long EntriesNoted);
