namespace GasTrace.Ledger.Sqlite.Ledger;

/// <summary>Where the ledger stands.</summary>
/// <param name="Next">The next position.</param>
/// <param name="TrimmedBatch">Changes of cards up to this batch were deleted: the card table has them.</param>
/// <param name="LedgerId">The ledger.</param>
/// <param name="LeastEntries">Entries that it has held: with fewer it has lost some.</param>
internal readonly record struct LedgerHead(long Next, long TrimmedBatch, string LedgerId, long LeastEntries);
