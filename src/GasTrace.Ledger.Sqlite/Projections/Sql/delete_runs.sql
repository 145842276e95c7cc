DELETE FROM history_run WHERE merged_into = ?1
