SELECT next_position, trimmed_batch, ledger_id FROM ledger_head WHERE id = 1
