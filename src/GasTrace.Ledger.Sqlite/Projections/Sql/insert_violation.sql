INSERT INTO violation (code, position, cylinder_id, station, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5)
