INSERT INTO entry (position, kind, cylinder_id, station, region, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
