UPDATE station SET status = ?2 WHERE station_id = ?1
