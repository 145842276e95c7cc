UPDATE cylinder SET unit_id = ?2, certificate_number = ?3 WHERE cylinder_id = ?1
