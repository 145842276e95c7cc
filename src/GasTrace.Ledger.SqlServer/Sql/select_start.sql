SELECT h.next_position, h.ledger_id, (SELECT COUNT(*) FROM dbo.ledger_copy c WHERE c.finished = 0) AS unfinished
FROM dbo.ledger_head h WHERE h.id = 1
