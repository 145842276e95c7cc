SELECT coalesce(max(position), -1) + 1 FROM ledger
