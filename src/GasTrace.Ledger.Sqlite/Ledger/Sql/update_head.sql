UPDATE ledger_head SET next_position = ?1 WHERE id = 1
