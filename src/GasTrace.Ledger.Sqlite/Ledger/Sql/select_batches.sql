SELECT h.trimmed_batch, max(h.trimmed_batch, coalesce((SELECT max(batch) FROM card_change), 0)) FROM ledger_head h WHERE h.id = 1
