SELECT next_position FROM dbo.ledger_head WHERE id = 1
