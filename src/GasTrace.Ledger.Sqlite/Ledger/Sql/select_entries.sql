SELECT position, kind, subject, station, region, gas, recorded_at, payload
FROM ledger WHERE position >= ?1 ORDER BY position LIMIT ?2
