INSERT INTO claim (key, position) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING
