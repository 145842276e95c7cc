INSERT INTO history (run, cylinder_id, position) VALUES (?1, ?2, ?3)
