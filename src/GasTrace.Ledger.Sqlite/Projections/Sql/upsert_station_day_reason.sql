INSERT INTO station_day_reason (station, region, day, code, refusals) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (station, day, code) DO UPDATE SET refusals = refusals + excluded.refusals
