SELECT flushed_batch, ledger_id FROM card_head WHERE id = 1
