INSERT INTO fill (position, permit_id, cylinder_id, code, station, region, terminal, gun, operator, gas, gas_batch, gross_mass_g, tare_g, net_mass_g, max_net_mass_g, recorded_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
