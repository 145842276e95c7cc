DELETE FROM history_run WHERE run = ?1
