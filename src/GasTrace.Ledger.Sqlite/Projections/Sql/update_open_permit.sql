UPDATE open_permit SET begun = 1, deadline = ?2 WHERE deadline = ?3 AND permit_id = ?1
