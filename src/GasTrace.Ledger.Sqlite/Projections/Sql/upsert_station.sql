INSERT INTO station (station_id, name, unit_id, region, licence_ends_on, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (station_id) DO UPDATE SET name = excluded.name, unit_id = excluded.unit_id, region = excluded.region,
  licence_ends_on = excluded.licence_ends_on, status = excluded.status
