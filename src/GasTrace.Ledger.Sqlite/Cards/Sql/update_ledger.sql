UPDATE card_head SET ledger_id = ?1 WHERE id = 1
