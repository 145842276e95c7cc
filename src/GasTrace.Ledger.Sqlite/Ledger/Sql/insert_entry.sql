INSERT INTO ledger (position, kind, subject, station, region, gas, recorded_at, payload, leaf_hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
