UPDATE ledger_head SET next_position = ?1, trimmed_batch = ?2 WHERE id = 1
