-- Positions are dense over all nodes: next_position is written, under its row's lock, in the transaction that appends.
CREATE TABLE dbo.ledger (
  position    BIGINT         NOT NULL,
  kind        INT            NOT NULL,
  subject     NVARCHAR(200)  NOT NULL,
  station     NVARCHAR(64)   NOT NULL,
  region      NVARCHAR(6)    NOT NULL,
  gas         NVARCHAR(32)   NOT NULL,
  recorded_at BIGINT         NOT NULL,  -- microseconds since 1970-01-01T00:00:00Z
  payload     VARBINARY(MAX) NOT NULL,  -- the event's bytes: what is stored is what is sent and hashed
  leaf_hash   BINARY(32)     NOT NULL,  -- RFC 6962
  CONSTRAINT pk_ledger PRIMARY KEY CLUSTERED (position)
);
GO

-- Keys are compared by code point. They neither begin nor end with a blank, which the comparison would ignore.
CREATE TABLE dbo.card (
  card_key NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  version  BIGINT         NOT NULL,
  state    VARBINARY(MAX) NOT NULL,
  CONSTRAINT pk_card PRIMARY KEY CLUSTERED (card_key)
);
GO

CREATE TABLE dbo.claim (
  claim_key NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  position  BIGINT NOT NULL,
  CONSTRAINT pk_claim PRIMARY KEY CLUSTERED (claim_key)
);
GO

CREATE TABLE dbo.ledger_head (
  id            INT      NOT NULL,
  next_position BIGINT   NOT NULL,
  ledger_id     CHAR(32) NOT NULL,
  CONSTRAINT pk_ledger_head PRIMARY KEY CLUSTERED (id),
  CONSTRAINT ck_ledger_head CHECK (id = 1)
);
GO

-- The last batch of each writer: a writer that lost the reply learns here whether its batch was committed.
CREATE TABLE dbo.ledger_writer (
  writer_id      UNIQUEIDENTIFIER NOT NULL,
  batch          BIGINT           NOT NULL,
  first_position BIGINT           NOT NULL,  -- -1 when the batch was given up before it came
  entries        INT              NOT NULL,
  CONSTRAINT pk_ledger_writer PRIMARY KEY CLUSTERED (writer_id)
);
GO

INSERT INTO dbo.ledger_head (id, next_position, ledger_id)
VALUES (1, 0, LOWER(REPLACE(CONVERT(CHAR(36), NEWID()), '-', '')));
GO
