INSERT INTO open_permit (permit_id, cylinder_id, station, terminal, gun, begun, deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
