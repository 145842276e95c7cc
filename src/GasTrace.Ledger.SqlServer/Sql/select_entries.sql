SELECT TOP (@limit) position, kind, subject, station, region, gas, recorded_at, payload
FROM dbo.ledger WHERE position >= @from_position ORDER BY position
