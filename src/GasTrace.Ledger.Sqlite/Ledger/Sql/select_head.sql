SELECT
  (SELECT coalesce(max(position), -1) + 1 FROM ledger),
  trimmed_batch,
  ledger_id,
  max(entries, coalesce((SELECT entries FROM card_change WHERE batch = (SELECT max(batch) FROM card_change)), 0))
FROM ledger_head WHERE id = 1
