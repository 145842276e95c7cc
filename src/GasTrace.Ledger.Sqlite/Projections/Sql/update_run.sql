UPDATE history_run SET merged_into = ?2 WHERE run = ?1
