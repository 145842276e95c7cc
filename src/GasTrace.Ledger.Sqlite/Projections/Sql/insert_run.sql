INSERT INTO history_run (run, rows, merged_into) VALUES (?1, ?2, 0)
