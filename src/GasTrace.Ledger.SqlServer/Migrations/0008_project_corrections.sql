-- As it was, and what corrections set right of cylinders. A node of the version before goes on with it: its JSON has none.
DROP PROCEDURE IF EXISTS dbo.apply_projection;
GO

-- Moves the typed tables on by a run of entries, in one transaction. Answers 0, and writes nothing, when they hold another
-- position than the run begins at: another node has moved them on.
CREATE PROCEDURE dbo.apply_projection
  @from  BIGINT,
  @next  BIGINT,
  @batch NVARCHAR(MAX)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET LOCK_TIMEOUT 4000;
  BEGIN TRANSACTION;
  UPDATE dbo.projection_position SET next_position = @next WHERE id = 1 AND next_position = @from;
  IF @@ROWCOUNT = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 0 AS applied;
    RETURN;
  END;

  INSERT INTO dbo.entry (position, kind, cylinder_id, station, region, recorded_at)
  SELECT j.position, j.kind, j.cylinder_id, j.station, j.region, j.recorded_at
  FROM OPENJSON(@batch, '$.entries') WITH (
    position BIGINT '$.position', kind INT '$.kind', cylinder_id NVARCHAR(64) '$.cylinder_id', station NVARCHAR(64) '$.station',
    region NVARCHAR(6) '$.region', recorded_at BIGINT '$.recorded_at_micros') j;

  INSERT INTO dbo.open_permit (permit_id, cylinder_id, station, terminal, gun, begun, deadline)
  SELECT j.permit_id, j.cylinder_id, j.station, j.terminal, j.gun, j.begun, j.deadline
  FROM OPENJSON(@batch, '$.open_permits') WITH (
    permit_id NVARCHAR(80) '$.permit_id', cylinder_id NVARCHAR(64) '$.cylinder_id', station NVARCHAR(64) '$.station',
    terminal NVARCHAR(64) '$.terminal', gun NVARCHAR(64) '$.gun', begun BIT '$.begun', deadline BIGINT '$.deadline_unix_seconds') j;

  UPDATE p SET begun = 1, deadline = j.deadline
  FROM dbo.open_permit p
  JOIN OPENJSON(@batch, '$.begun_permits') WITH (permit_id NVARCHAR(80) '$.permit_id', deadline BIGINT '$.deadline_unix_seconds') j
    ON p.permit_id = j.permit_id COLLATE Latin1_General_BIN2;

  DELETE FROM dbo.open_permit
  WHERE permit_id IN (SELECT j.[value] COLLATE Latin1_General_BIN2 FROM OPENJSON(@batch, '$.closed_permits') j);

  INSERT INTO dbo.fill (position, permit_id, cylinder_id, code, station, region, terminal, gun, operator, gas, gas_batch,
                        gross_mass_g, tare_g, net_mass_g, max_net_mass_g, recorded_at)
  SELECT j.position, j.permit_id, j.cylinder_id, j.code, j.station, j.region, j.terminal, j.gun, j.operator, j.gas, j.gas_batch,
         j.gross_mass_g, j.tare_g, j.net_mass_g, j.max_net_mass_g, j.recorded_at
  FROM OPENJSON(@batch, '$.fills') WITH (
    position BIGINT '$.position', permit_id NVARCHAR(80) '$.permit_id', cylinder_id NVARCHAR(64) '$.cylinder_id', code NVARCHAR(64) '$.code',
    station NVARCHAR(64) '$.station', region NVARCHAR(6) '$.region', terminal NVARCHAR(64) '$.terminal', gun NVARCHAR(64) '$.gun',
    operator NVARCHAR(64) '$.operator', gas NVARCHAR(32) '$.gas', gas_batch NVARCHAR(64) '$.gas_batch', gross_mass_g INT '$.gross_mass_g',
    tare_g INT '$.tare_g', net_mass_g INT '$.net_mass_g', max_net_mass_g INT '$.max_net_mass_g', recorded_at BIGINT '$.recorded_at_micros') j;

  INSERT INTO dbo.voided_fill (permit_id, position, reason)
  SELECT j.permit_id, j.position, j.reason
  FROM OPENJSON(@batch, '$.voided_fills') WITH (permit_id NVARCHAR(80) '$.permit_id', position BIGINT '$.position', reason NVARCHAR(1000) '$.reason') j;

  INSERT INTO dbo.refusal (code, position, cylinder_id, station, recorded_at)
  SELECT j.code, j.position, j.cylinder_id, j.station, j.recorded_at
  FROM OPENJSON(@batch, '$.refusals') WITH (
    code NVARCHAR(64) '$.code', position BIGINT '$.position', cylinder_id NVARCHAR(64) '$.cylinder_id', station NVARCHAR(64) '$.station',
    recorded_at BIGINT '$.recorded_at_micros') j;

  INSERT INTO dbo.violation (code, position, cylinder_id, station, recorded_at)
  SELECT j.code, j.position, j.cylinder_id, j.station, j.recorded_at
  FROM OPENJSON(@batch, '$.violations') WITH (
    code NVARCHAR(64) '$.code', position BIGINT '$.position', cylinder_id NVARCHAR(64) '$.cylinder_id', station NVARCHAR(64) '$.station',
    recorded_at BIGINT '$.recorded_at_micros') j;

  INSERT INTO dbo.cylinder (cylinder_id, code, maker, serial_number, manufactured_on, model, gas, unit_id, certificate_number,
                            inspection_due_on, service_life_ends_on, scrapped)
  SELECT j.cylinder_id, j.code, j.maker, j.serial_number, j.manufactured_on, j.model, j.gas, j.unit_id, j.certificate_number,
         j.inspection_due_on, j.service_life_ends_on, j.scrapped
  FROM OPENJSON(@batch, '$.register.cylinders') WITH (
    cylinder_id NVARCHAR(64) '$.cylinder_id', code NVARCHAR(64) '$.code', maker NVARCHAR(64) '$.maker', serial_number NVARCHAR(64) '$.serial_number',
    manufactured_on NVARCHAR(10) '$.manufactured_on', model NVARCHAR(64) '$.model', gas NVARCHAR(32) '$.gas', unit_id NVARCHAR(64) '$.unit_id',
    certificate_number NVARCHAR(256) '$.certificate_number', inspection_due_on NVARCHAR(10) '$.inspection_due_on',
    service_life_ends_on NVARCHAR(10) '$.service_life_ends_on', scrapped BIT '$.scrapped') j;

  UPDATE c SET code = j.code
  FROM dbo.cylinder c
  JOIN OPENJSON(@batch, '$.register.codes') WITH (cylinder_id NVARCHAR(64) '$.cylinder_id', code NVARCHAR(64) '$.code') j
    ON c.cylinder_id = j.cylinder_id COLLATE Latin1_General_BIN2;

  UPDATE c SET manufactured_on = j.manufactured_on, model = j.model, gas = j.gas
  FROM dbo.cylinder c
  JOIN OPENJSON(@batch, '$.register.corrections') WITH (
    cylinder_id NVARCHAR(64) '$.cylinder_id', manufactured_on NVARCHAR(10) '$.manufactured_on', model NVARCHAR(64) '$.model', gas NVARCHAR(32) '$.gas') j
    ON c.cylinder_id = j.cylinder_id COLLATE Latin1_General_BIN2;

  UPDATE c SET inspection_due_on = j.inspection_due_on, service_life_ends_on = j.service_life_ends_on
  FROM dbo.cylinder c
  JOIN OPENJSON(@batch, '$.register.inspections') WITH (
    cylinder_id NVARCHAR(64) '$.cylinder_id', inspection_due_on NVARCHAR(10) '$.inspection_due_on',
    service_life_ends_on NVARCHAR(10) '$.service_life_ends_on') j
    ON c.cylinder_id = j.cylinder_id COLLATE Latin1_General_BIN2;

  UPDATE c SET unit_id = j.unit_id, certificate_number = j.certificate_number
  FROM dbo.cylinder c
  JOIN OPENJSON(@batch, '$.register.use_registrations') WITH (
    cylinder_id NVARCHAR(64) '$.cylinder_id', unit_id NVARCHAR(64) '$.unit_id', certificate_number NVARCHAR(256) '$.certificate_number') j
    ON c.cylinder_id = j.cylinder_id COLLATE Latin1_General_BIN2;

  UPDATE dbo.cylinder SET scrapped = 1
  WHERE cylinder_id IN (SELECT j.[value] COLLATE Latin1_General_BIN2 FROM OPENJSON(@batch, '$.register.scrapped') j);

  DELETE h
  FROM dbo.hold h
  JOIN OPENJSON(@batch, '$.register.released_holds') WITH (cylinder_id NVARCHAR(64) '$.cylinder_id', kind INT '$.kind') j
    ON h.cylinder_id = j.cylinder_id COLLATE Latin1_General_BIN2 AND h.kind = j.kind;

  INSERT INTO dbo.hold (cylinder_id, kind, reason, position)
  SELECT j.cylinder_id, j.kind, j.reason, j.position
  FROM OPENJSON(@batch, '$.register.holds') WITH (
    cylinder_id NVARCHAR(64) '$.cylinder_id', kind INT '$.kind', reason NVARCHAR(1000) '$.reason', position BIGINT '$.position') j
  WHERE NOT EXISTS (SELECT 1 FROM dbo.hold h WHERE h.cylinder_id = j.cylinder_id COLLATE Latin1_General_BIN2 AND h.kind = j.kind);

  DELETE FROM dbo.station
  WHERE station_id IN (
    SELECT j.station_id COLLATE Latin1_General_BIN2 FROM OPENJSON(@batch, '$.register.stations') WITH (station_id NVARCHAR(64) '$.station_id') j);

  INSERT INTO dbo.station (station_id, name, unit_id, region, licence_ends_on, status)
  SELECT j.station_id, j.name, j.unit_id, j.region, j.licence_ends_on, j.status
  FROM OPENJSON(@batch, '$.register.stations') WITH (
    station_id NVARCHAR(64) '$.station_id', name NVARCHAR(256) '$.name', unit_id NVARCHAR(64) '$.unit_id', region NVARCHAR(6) '$.region',
    licence_ends_on NVARCHAR(10) '$.licence_ends_on', status INT '$.status') j;

  UPDATE s SET status = j.status
  FROM dbo.station s
  JOIN OPENJSON(@batch, '$.register.station_statuses') WITH (station_id NVARCHAR(64) '$.station_id', status INT '$.status') j
    ON s.station_id = j.station_id COLLATE Latin1_General_BIN2;

  UPDATE d SET permits = d.permits + j.permits, refusals = d.refusals + j.refusals, completed = d.completed + j.completed,
               aborted = d.aborted + j.aborted, expired = d.expired + j.expired, fills = d.fills + j.fills,
               violations = d.violations + j.violations, net_mass_g = d.net_mass_g + j.net_mass_g
  FROM dbo.station_day d
  JOIN OPENJSON(@batch, '$.station_days') WITH (
    station NVARCHAR(64) '$.station', day NVARCHAR(10) '$.day', permits BIGINT '$.permits', refusals BIGINT '$.refusals',
    completed BIGINT '$.completed', aborted BIGINT '$.aborted', expired BIGINT '$.expired', fills BIGINT '$.fills',
    violations BIGINT '$.violations', net_mass_g BIGINT '$.net_mass_g') j
    ON d.station = j.station COLLATE Latin1_General_BIN2 AND d.day = j.day COLLATE Latin1_General_BIN2;

  INSERT INTO dbo.station_day (station, day, region, permits, refusals, completed, aborted, expired, fills, violations, net_mass_g)
  SELECT j.station, j.day, j.region, j.permits, j.refusals, j.completed, j.aborted, j.expired, j.fills, j.violations, j.net_mass_g
  FROM OPENJSON(@batch, '$.station_days') WITH (
    station NVARCHAR(64) '$.station', day NVARCHAR(10) '$.day', region NVARCHAR(6) '$.region', permits BIGINT '$.permits', refusals BIGINT '$.refusals',
    completed BIGINT '$.completed', aborted BIGINT '$.aborted', expired BIGINT '$.expired', fills BIGINT '$.fills',
    violations BIGINT '$.violations', net_mass_g BIGINT '$.net_mass_g') j
  WHERE NOT EXISTS (
    SELECT 1 FROM dbo.station_day d WHERE d.station = j.station COLLATE Latin1_General_BIN2 AND d.day = j.day COLLATE Latin1_General_BIN2);

  UPDATE d SET refusals = d.refusals + j.refusals
  FROM dbo.station_day_reason d
  JOIN OPENJSON(@batch, '$.station_day_reasons') WITH (
    station NVARCHAR(64) '$.station', day NVARCHAR(10) '$.day', code NVARCHAR(64) '$.code', refusals BIGINT '$.refusals') j
    ON d.station = j.station COLLATE Latin1_General_BIN2 AND d.day = j.day COLLATE Latin1_General_BIN2 AND d.code = j.code COLLATE Latin1_General_BIN2;

  INSERT INTO dbo.station_day_reason (station, day, code, region, refusals)
  SELECT j.station, j.day, j.code, j.region, j.refusals
  FROM OPENJSON(@batch, '$.station_day_reasons') WITH (
    station NVARCHAR(64) '$.station', day NVARCHAR(10) '$.day', code NVARCHAR(64) '$.code', region NVARCHAR(6) '$.region', refusals BIGINT '$.refusals') j
  WHERE NOT EXISTS (
    SELECT 1 FROM dbo.station_day_reason d
    WHERE d.station = j.station COLLATE Latin1_General_BIN2 AND d.day = j.day COLLATE Latin1_General_BIN2 AND d.code = j.code COLLATE Latin1_General_BIN2);

  COMMIT TRANSACTION;
  SELECT 1 AS applied;
END;
GO
