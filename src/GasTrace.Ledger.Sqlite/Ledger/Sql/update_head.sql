UPDATE ledger_head SET least_entries = ?1, trimmed_batch = ?2 WHERE id = 1
