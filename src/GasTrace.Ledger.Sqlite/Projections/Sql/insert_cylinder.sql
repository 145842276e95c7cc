INSERT INTO cylinder (cylinder_id, code, maker, serial_number, manufactured_on, model, gas, unit_id, certificate_number, inspection_due_on, service_life_ends_on, scrapped)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (cylinder_id) DO NOTHING
