INSERT INTO history_block (id, entries) VALUES (?1, ?2)
