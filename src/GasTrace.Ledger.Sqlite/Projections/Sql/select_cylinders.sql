SELECT position, cylinder_id FROM entry WHERE position >= ?1 ORDER BY position
