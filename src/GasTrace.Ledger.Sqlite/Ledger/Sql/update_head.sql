UPDATE ledger_head SET entries = ?1, trimmed_batch = ?2 WHERE id = 1
