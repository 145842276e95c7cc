INSERT INTO card (place, key, version, state) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (place) DO UPDATE SET version = excluded.version, state = excluded.state WHERE key = excluded.key
