UPDATE cylinder SET scrapped = 1 WHERE cylinder_id = ?1
