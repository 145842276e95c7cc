INSERT INTO history_run (run, first_position, next_position, block_bits, merged_into, moved_blocks) VALUES (?1, ?2, ?3, ?4, 0, 0)
