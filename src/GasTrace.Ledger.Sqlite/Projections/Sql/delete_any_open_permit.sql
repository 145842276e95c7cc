DELETE FROM open_permit WHERE permit_id = ?1
