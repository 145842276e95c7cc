UPDATE cylinder SET inspection_due_on = ?2, service_life_ends_on = ?3 WHERE cylinder_id = ?1
