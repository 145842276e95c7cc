DELETE FROM hold WHERE cylinder_id = ?1 AND kind = ?2
