INSERT INTO history (run, cylinder_id, position)
SELECT ?1, cylinder_id, position FROM history WHERE run IN (SELECT run FROM history_run WHERE merged_into = ?1)
ORDER BY cylinder_id, position
