-- A batch as the append takes it: units are numbered from 0.
CREATE TYPE dbo.batch_unit AS TABLE (
  unit    INT NOT NULL PRIMARY KEY,
  entries INT NOT NULL
);
GO

CREATE TYPE dbo.batch_entry AS TABLE (
  unit        INT            NOT NULL,
  ordinal     INT            NOT NULL,
  kind        INT            NOT NULL,
  subject     NVARCHAR(200)  NOT NULL,
  station     NVARCHAR(64)   NOT NULL,
  region      NVARCHAR(6)    NOT NULL,
  gas         NVARCHAR(32)   NOT NULL,
  recorded_at BIGINT         NOT NULL,
  payload     VARBINARY(MAX) NOT NULL,
  leaf_hash   BINARY(32)     NOT NULL,
  PRIMARY KEY (unit, ordinal)
);
GO

-- Each card is looked up once a batch, however many units rest on it.
CREATE TYPE dbo.batch_read AS TABLE (
  read_id  INT NOT NULL PRIMARY KEY,
  card_key NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  version  BIGINT NOT NULL
);
GO

CREATE TYPE dbo.batch_unit_read AS TABLE (
  unit    INT NOT NULL,
  ordinal INT NOT NULL,
  read_id INT NOT NULL,
  PRIMARY KEY (unit, ordinal)
);
GO

CREATE TYPE dbo.batch_write AS TABLE (
  unit     INT NOT NULL,
  ordinal  INT NOT NULL,
  card_key NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  version  BIGINT         NOT NULL,  -- the version that the card becomes
  state    VARBINARY(MAX) NOT NULL,
  PRIMARY KEY (unit, ordinal)
);
GO

CREATE TYPE dbo.batch_claim AS TABLE (
  unit      INT NOT NULL,
  ordinal   INT NOT NULL,
  claim_key NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  PRIMARY KEY (unit, ordinal)
);
GO

CREATE TYPE dbo.wanted_card AS TABLE (
  ordinal  INT NOT NULL PRIMARY KEY,
  card_key NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL
);
GO
