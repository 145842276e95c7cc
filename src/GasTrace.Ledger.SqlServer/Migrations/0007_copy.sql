-- A ledger that is being copied into this database. While the copy is not finished, no node serves from here.
CREATE TABLE dbo.ledger_copy (
  id         INT           NOT NULL,
  ledger_id  CHAR(32)      NOT NULL,
  next_entry BIGINT        NOT NULL,
  last_card  NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  last_claim NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  finished   BIT           NOT NULL,
  CONSTRAINT pk_ledger_copy PRIMARY KEY CLUSTERED (id),
  CONSTRAINT ck_ledger_copy CHECK (id = 1)
);
GO

CREATE TYPE dbo.copied_claim AS TABLE (
  ordinal   INT NOT NULL PRIMARY KEY,
  claim_key NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  position  BIGINT NOT NULL
);
GO

-- Begins a copy in a database that holds nothing, or goes on with an unfinished one of the same ledger.
CREATE PROCEDURE dbo.begin_copy
  @ledger_id CHAR(32)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET LOCK_TIMEOUT 4000;
  BEGIN TRANSACTION;
  UPDATE dbo.ledger_head SET next_position = next_position + 0 WHERE id = 1;
  IF NOT EXISTS (SELECT 1 FROM dbo.ledger_copy WHERE id = 1)
  BEGIN
    IF EXISTS (SELECT 1 FROM dbo.ledger_head WHERE id = 1 AND next_position > 0) OR EXISTS (SELECT 1 FROM dbo.card) OR EXISTS (SELECT 1 FROM dbo.claim)
      THROW 51003, 'The database holds a ledger already.', 1;
    INSERT INTO dbo.ledger_copy (id, ledger_id, next_entry, last_card, last_claim, finished) VALUES (1, @ledger_id, 0, N'', N'', 0);
    UPDATE dbo.ledger_head SET ledger_id = @ledger_id WHERE id = 1;
  END;
  IF NOT EXISTS (SELECT 1 FROM dbo.ledger_copy WHERE id = 1 AND ledger_id = @ledger_id AND finished = 0)
    THROW 51004, 'The database holds a copy that is finished, or of another ledger.', 1;
  COMMIT TRANSACTION;
  SELECT next_entry, last_card, last_claim FROM dbo.ledger_copy WHERE id = 1;
END;
GO

CREATE PROCEDURE dbo.copy_entries
  @from    BIGINT,
  @entries dbo.batch_entry READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET LOCK_TIMEOUT 4000;
  DECLARE @count INT;
  BEGIN TRANSACTION;
  UPDATE dbo.ledger_head SET next_position = next_position + 0 WHERE id = 1;
  IF NOT EXISTS (SELECT 1 FROM dbo.ledger_copy WHERE id = 1 AND finished = 0 AND next_entry = @from)
    THROW 51005, 'Another copy has gone on meanwhile.', 1;
  INSERT INTO dbo.ledger (position, kind, subject, station, region, gas, recorded_at, payload, leaf_hash)
  SELECT @from + e.ordinal, e.kind, e.subject, e.station, e.region, e.gas, e.recorded_at, e.payload, e.leaf_hash
  FROM @entries e;
  SET @count = @@ROWCOUNT;
  UPDATE dbo.ledger_copy SET next_entry = @from + @count WHERE id = 1;
  UPDATE dbo.ledger_head SET next_position = @from + @count WHERE id = 1;
  COMMIT TRANSACTION;
END;
GO

CREATE PROCEDURE dbo.copy_cards
  @after NVARCHAR(200),
  @last  NVARCHAR(200),
  @cards dbo.batch_write READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET LOCK_TIMEOUT 4000;
  BEGIN TRANSACTION;
  UPDATE dbo.ledger_head SET next_position = next_position + 0 WHERE id = 1;
  IF NOT EXISTS (SELECT 1 FROM dbo.ledger_copy WHERE id = 1 AND finished = 0 AND last_card = @after)
    THROW 51005, 'Another copy has gone on meanwhile.', 1;
  INSERT INTO dbo.card (card_key, version, state)
  SELECT c.card_key, c.version, c.state FROM @cards c;
  UPDATE dbo.ledger_copy SET last_card = @last WHERE id = 1;
  COMMIT TRANSACTION;
END;
GO

CREATE PROCEDURE dbo.copy_claims
  @after  NVARCHAR(200),
  @last   NVARCHAR(200),
  @claims dbo.copied_claim READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET LOCK_TIMEOUT 4000;
  BEGIN TRANSACTION;
  UPDATE dbo.ledger_head SET next_position = next_position + 0 WHERE id = 1;
  IF NOT EXISTS (SELECT 1 FROM dbo.ledger_copy WHERE id = 1 AND finished = 0 AND last_claim = @after)
    THROW 51005, 'Another copy has gone on meanwhile.', 1;
  INSERT INTO dbo.claim (claim_key, position)
  SELECT c.claim_key, c.position FROM @claims c;
  UPDATE dbo.ledger_copy SET last_claim = @last WHERE id = 1;
  COMMIT TRANSACTION;
END;
GO
