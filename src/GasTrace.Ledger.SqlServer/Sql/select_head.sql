SELECT next_position, ledger_id FROM dbo.ledger_head WHERE id = 1
