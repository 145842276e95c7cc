DELETE FROM open_permit WHERE deadline = ?2 AND permit_id = ?1
