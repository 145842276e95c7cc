-- Typed tables for people who query with SQL. Everything here can be made again from the ledger. Indexes are few: every
-- entry pays for each of them.
CREATE TABLE projection_position (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  next_position INTEGER NOT NULL
);
INSERT INTO projection_position (id, next_position) VALUES (1, 0);

CREATE TABLE entry (
  position    INTEGER PRIMARY KEY,
  kind        INTEGER NOT NULL,
  cylinder_id TEXT    NOT NULL,
  station     TEXT    NOT NULL,
  region      TEXT    NOT NULL,
  recorded_at INTEGER NOT NULL    -- microseconds since 1970-01-01T00:00:00Z
);
CREATE INDEX entry_by_station ON entry (station, position) WHERE station <> '';

-- Positions by cylinder, in sorted runs that are merged as they get many.
CREATE TABLE history (
  run         INTEGER NOT NULL,
  cylinder_id TEXT    NOT NULL,
  position    INTEGER NOT NULL,
  PRIMARY KEY (run, cylinder_id, position)
) WITHOUT ROWID;
CREATE TABLE history_run (
  run         INTEGER PRIMARY KEY,
  rows        INTEGER NOT NULL,
  merged_into INTEGER NOT NULL
);

CREATE TABLE cylinder (
  cylinder_id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL, maker TEXT NOT NULL, serial_number TEXT NOT NULL, manufactured_on TEXT NOT NULL,
  model TEXT NOT NULL, gas TEXT NOT NULL, unit_id TEXT NOT NULL, certificate_number TEXT NOT NULL,
  inspection_due_on TEXT NOT NULL, service_life_ends_on TEXT NOT NULL, scrapped INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX cylinder_by_unit ON cylinder (unit_id, cylinder_id);

CREATE TABLE hold (
  cylinder_id TEXT NOT NULL, kind INTEGER NOT NULL, reason TEXT NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (cylinder_id, kind)
) WITHOUT ROWID;

CREATE TABLE station (
  station_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL, licence_ends_on TEXT NOT NULL, status INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE open_permit (
  permit_id TEXT NOT NULL PRIMARY KEY,
  cylinder_id TEXT NOT NULL, station TEXT NOT NULL, terminal TEXT NOT NULL, gun TEXT NOT NULL,
  begun INTEGER NOT NULL,
  deadline INTEGER NOT NULL       -- seconds since 1970-01-01T00:00:00Z
) WITHOUT ROWID;
CREATE INDEX open_permit_by_deadline ON open_permit (deadline);

CREATE TABLE fill (
  position INTEGER PRIMARY KEY,
  permit_id TEXT NOT NULL, cylinder_id TEXT NOT NULL, code TEXT NOT NULL, station TEXT NOT NULL, region TEXT NOT NULL,
  terminal TEXT NOT NULL, gun TEXT NOT NULL, operator TEXT NOT NULL, gas TEXT NOT NULL, gas_batch TEXT NOT NULL,
  gross_mass_g INTEGER NOT NULL, tare_g INTEGER NOT NULL, net_mass_g INTEGER NOT NULL, max_net_mass_g INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL
);
-- A condemned batch finds every cylinder filled from it.
CREATE INDEX fill_by_gas_batch ON fill (station, gas_batch, position);

CREATE TABLE voided_fill (
  permit_id TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE refusal (
  code TEXT NOT NULL, position INTEGER NOT NULL, cylinder_id TEXT NOT NULL, station TEXT NOT NULL, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (code, position)
) WITHOUT ROWID;

CREATE TABLE violation (
  code TEXT NOT NULL, position INTEGER NOT NULL, cylinder_id TEXT NOT NULL, station TEXT NOT NULL, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (code, position)
) WITHOUT ROWID;

CREATE TABLE station_day (
  station TEXT NOT NULL, region TEXT NOT NULL, day TEXT NOT NULL,
  permits INTEGER NOT NULL, refusals INTEGER NOT NULL, completed INTEGER NOT NULL, aborted INTEGER NOT NULL, expired INTEGER NOT NULL,
  fills INTEGER NOT NULL, violations INTEGER NOT NULL, net_mass_g INTEGER NOT NULL,
  PRIMARY KEY (station, day)
) WITHOUT ROWID;

CREATE TABLE station_day_reason (
  station TEXT NOT NULL, region TEXT NOT NULL, day TEXT NOT NULL, code TEXT NOT NULL, refusals INTEGER NOT NULL,
  PRIMARY KEY (station, day, code)
) WITHOUT ROWID;
