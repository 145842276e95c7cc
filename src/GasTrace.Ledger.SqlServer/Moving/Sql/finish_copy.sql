UPDATE dbo.ledger_copy SET finished = 1 WHERE id = 1
