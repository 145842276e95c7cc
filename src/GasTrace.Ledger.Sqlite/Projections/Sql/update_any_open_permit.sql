UPDATE open_permit SET begun = 1, deadline = ?2 WHERE permit_id = ?1
