UPDATE cylinder SET code = ?2 WHERE cylinder_id = ?1
