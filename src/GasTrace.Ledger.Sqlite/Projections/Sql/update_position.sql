UPDATE projection_position SET next_position = ?1 WHERE id = 1 AND next_position = ?2
