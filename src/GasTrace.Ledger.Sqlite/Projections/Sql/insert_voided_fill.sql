INSERT INTO voided_fill (permit_id, position, reason) VALUES (?1, ?2, ?3)
