SELECT next_position, ledger_id FROM ledger_head WHERE id = 1
