-- Only what every schema has: the build before may be serving the ledger that is copied.
SELECT (SELECT coalesce(max(position), -1) + 1 FROM ledger), trimmed_batch FROM ledger_head WHERE id = 1
