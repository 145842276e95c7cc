-- Typed tables for people who query with SQL. Everything here can be made again from the ledger. Ids are compared by code point.
CREATE TABLE dbo.projection_position (
  id            INT    NOT NULL,
  next_position BIGINT NOT NULL,
  CONSTRAINT pk_projection_position PRIMARY KEY CLUSTERED (id),
  CONSTRAINT ck_projection_position CHECK (id = 1)
);
GO
INSERT INTO dbo.projection_position (id, next_position) VALUES (1, 0);
GO

CREATE TABLE dbo.entry (
  position    BIGINT       NOT NULL,
  kind        INT          NOT NULL,
  cylinder_id NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  station     NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  region      NVARCHAR(6)  COLLATE Latin1_General_BIN2 NOT NULL,
  recorded_at BIGINT       NOT NULL,  -- microseconds since 1970-01-01T00:00:00Z
  CONSTRAINT pk_entry PRIMARY KEY CLUSTERED (position)
);
GO
CREATE INDEX entry_by_cylinder ON dbo.entry (cylinder_id, position) WHERE cylinder_id <> N'';
GO
CREATE INDEX entry_by_station ON dbo.entry (station, position) WHERE station <> N'';
GO

CREATE TABLE dbo.cylinder (
  cylinder_id          NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  code                 NVARCHAR(64) NOT NULL,
  maker                NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  serial_number        NVARCHAR(64) NOT NULL,
  manufactured_on      NVARCHAR(10) NOT NULL,
  model                NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  gas                  NVARCHAR(32) NOT NULL,
  unit_id              NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  certificate_number   NVARCHAR(256) NOT NULL,
  inspection_due_on    NVARCHAR(10) NOT NULL,
  service_life_ends_on NVARCHAR(10) NOT NULL,
  scrapped             BIT          NOT NULL,
  CONSTRAINT pk_cylinder PRIMARY KEY CLUSTERED (cylinder_id)
);
GO
CREATE INDEX cylinder_by_unit ON dbo.cylinder (unit_id, cylinder_id);
GO

CREATE TABLE dbo.hold (
  cylinder_id NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  kind        INT           NOT NULL,
  reason      NVARCHAR(1000) NOT NULL,
  position    BIGINT        NOT NULL,
  CONSTRAINT pk_hold PRIMARY KEY CLUSTERED (cylinder_id, kind)
);
GO

CREATE TABLE dbo.station (
  station_id      NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  name            NVARCHAR(256) NOT NULL,
  unit_id         NVARCHAR(64) NOT NULL,
  region          NVARCHAR(6)  COLLATE Latin1_General_BIN2 NOT NULL,
  licence_ends_on NVARCHAR(10) NOT NULL,
  status          INT          NOT NULL,
  CONSTRAINT pk_station PRIMARY KEY CLUSTERED (station_id)
);
GO

CREATE TABLE dbo.open_permit (
  permit_id   NVARCHAR(80) COLLATE Latin1_General_BIN2 NOT NULL,
  cylinder_id NVARCHAR(64) NOT NULL,
  station     NVARCHAR(64) NOT NULL,
  terminal    NVARCHAR(64) NOT NULL,
  gun         NVARCHAR(64) NOT NULL,
  begun       BIT          NOT NULL,
  deadline    BIGINT       NOT NULL,  -- seconds since 1970-01-01T00:00:00Z
  CONSTRAINT pk_open_permit PRIMARY KEY CLUSTERED (permit_id)
);
GO
CREATE INDEX open_permit_by_deadline ON dbo.open_permit (deadline);
GO

CREATE TABLE dbo.fill (
  position       BIGINT       NOT NULL,
  permit_id      NVARCHAR(80) NOT NULL,
  cylinder_id    NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  code           NVARCHAR(64) NOT NULL,
  station        NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  region         NVARCHAR(6)  NOT NULL,
  terminal       NVARCHAR(64) NOT NULL,
  gun            NVARCHAR(64) NOT NULL,
  operator       NVARCHAR(64) NOT NULL,
  gas            NVARCHAR(32) NOT NULL,
  gas_batch      NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  gross_mass_g   INT          NOT NULL,
  tare_g         INT          NOT NULL,
  net_mass_g     INT          NOT NULL,
  max_net_mass_g INT          NOT NULL,
  recorded_at    BIGINT       NOT NULL,
  CONSTRAINT pk_fill PRIMARY KEY CLUSTERED (position)
);
GO
-- A condemned batch finds every cylinder filled from it.
CREATE INDEX fill_by_gas_batch ON dbo.fill (station, gas_batch, position);
GO

CREATE TABLE dbo.voided_fill (
  permit_id NVARCHAR(80) COLLATE Latin1_General_BIN2 NOT NULL,
  position  BIGINT        NOT NULL,
  reason    NVARCHAR(1000) NOT NULL,
  CONSTRAINT pk_voided_fill PRIMARY KEY CLUSTERED (permit_id)
);
GO

CREATE TABLE dbo.refusal (
  code        NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  position    BIGINT       NOT NULL,
  cylinder_id NVARCHAR(64) NOT NULL,
  station     NVARCHAR(64) NOT NULL,
  recorded_at BIGINT       NOT NULL,
  CONSTRAINT pk_refusal PRIMARY KEY CLUSTERED (code, position)
);
GO

CREATE TABLE dbo.violation (
  code        NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  position    BIGINT       NOT NULL,
  cylinder_id NVARCHAR(64) NOT NULL,
  station     NVARCHAR(64) NOT NULL,
  recorded_at BIGINT       NOT NULL,
  CONSTRAINT pk_violation PRIMARY KEY CLUSTERED (code, position)
);
GO

CREATE TABLE dbo.station_day (
  station    NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  day        NVARCHAR(10) COLLATE Latin1_General_BIN2 NOT NULL,
  region     NVARCHAR(6)  COLLATE Latin1_General_BIN2 NOT NULL,
  permits    BIGINT NOT NULL,
  refusals   BIGINT NOT NULL,
  completed  BIGINT NOT NULL,
  aborted    BIGINT NOT NULL,
  expired    BIGINT NOT NULL,
  fills      BIGINT NOT NULL,
  violations BIGINT NOT NULL,
  net_mass_g BIGINT NOT NULL,
  CONSTRAINT pk_station_day PRIMARY KEY CLUSTERED (station, day)
);
GO

CREATE TABLE dbo.station_day_reason (
  station  NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  day      NVARCHAR(10) COLLATE Latin1_General_BIN2 NOT NULL,
  code     NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  region   NVARCHAR(6)  COLLATE Latin1_General_BIN2 NOT NULL,
  refusals BIGINT NOT NULL,
  CONSTRAINT pk_station_day_reason PRIMARY KEY CLUSTERED (station, day, code)
);
GO
