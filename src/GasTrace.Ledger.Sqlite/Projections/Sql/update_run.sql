UPDATE history_run SET merged_into = ?2, moved_blocks = ?3 WHERE run = ?1
