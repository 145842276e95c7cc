DELETE FROM history WHERE run IN (SELECT run FROM history_run WHERE merged_into = ?1)
