INSERT INTO station_day (station, region, day, permits, refusals, completed, aborted, expired, fills, violations, net_mass_g)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (station, day) DO UPDATE SET
  permits = permits + excluded.permits, refusals = refusals + excluded.refusals, completed = completed + excluded.completed,
  aborted = aborted + excluded.aborted, expired = expired + excluded.expired, fills = fills + excluded.fills,
  violations = violations + excluded.violations, net_mass_g = net_mass_g + excluded.net_mass_g
