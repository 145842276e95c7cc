-- One round trip for a batch. Everyone takes the head row first, so appends are totally ordered and cannot deadlock.
-- Fates: 0 committed, 1 a card had changed, 2 a claim was taken.
CREATE PROCEDURE dbo.append_batch
  @writer_id  UNIQUEIDENTIFIER,
  @batch      BIGINT,
  @units      dbo.batch_unit READONLY,
  @entries    dbo.batch_entry READONLY,
  @reads      dbo.batch_read READONLY,
  @unit_reads dbo.batch_unit_read READONLY,
  @writes     dbo.batch_write READONLY,
  @claims     dbo.batch_claim READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET LOCK_TIMEOUT 4000;
  DECLARE @first BIGINT;
  DECLARE @count INT;
  DECLARE @loser TABLE (unit INT NOT NULL PRIMARY KEY, fate INT NOT NULL, lost_key NVARCHAR(200) NOT NULL, position BIGINT NOT NULL);
  DECLARE @winner TABLE (unit INT NOT NULL PRIMARY KEY, last_position BIGINT NOT NULL);

  BEGIN TRANSACTION;
  UPDATE dbo.ledger_head SET next_position = next_position + 0 WHERE id = 1;
  SELECT @first = next_position FROM dbo.ledger_head WHERE id = 1;

  -- A batch that its writer has given up must not come true when it arrives late.
  IF EXISTS (SELECT 1 FROM dbo.ledger_writer WHERE writer_id = @writer_id AND batch >= @batch)
    THROW 51001, 'The batch was given up by its writer.', 1;

  INSERT INTO @loser (unit, fate, lost_key, position)
  SELECT taken.unit, 2, taken.claim_key, taken.position
  FROM (
    SELECT c.unit, c.claim_key, t.position, ROW_NUMBER() OVER (PARTITION BY c.unit ORDER BY c.ordinal) AS nth
    FROM @claims c JOIN dbo.claim t ON t.claim_key = c.claim_key
  ) taken
  WHERE taken.nth = 1;

  INSERT INTO @loser (unit, fate, lost_key, position)
  SELECT stale.unit, 1, stale.card_key, -1
  FROM (
    SELECT u.unit, r.card_key, ROW_NUMBER() OVER (PARTITION BY u.unit ORDER BY u.ordinal) AS nth
    FROM @reads r
    JOIN @unit_reads u ON u.read_id = r.read_id
    LEFT JOIN dbo.card k ON k.card_key = r.card_key
    WHERE ISNULL(k.version, 0) <> r.version
  ) stale
  WHERE stale.nth = 1 AND NOT EXISTS (SELECT 1 FROM @loser l WHERE l.unit = stale.unit);

  -- A unit without entries is placed at the position that comes next.
  INSERT INTO @winner (unit, last_position)
  SELECT w.unit, @first + w.through - CASE WHEN w.entries > 0 THEN 1 ELSE 0 END
  FROM (
    SELECT u.unit, u.entries, SUM(u.entries) OVER (ORDER BY u.unit ROWS UNBOUNDED PRECEDING) AS through
    FROM @units u
    WHERE NOT EXISTS (SELECT 1 FROM @loser l WHERE l.unit = u.unit)
  ) w;

  INSERT INTO dbo.ledger (position, kind, subject, station, region, gas, recorded_at, payload, leaf_hash)
  SELECT @first + ROW_NUMBER() OVER (ORDER BY e.unit, e.ordinal) - 1,
         e.kind, e.subject, e.station, e.region, e.gas, e.recorded_at, e.payload, e.leaf_hash
  FROM @entries e JOIN @winner o ON o.unit = e.unit;
  SET @count = @@ROWCOUNT;

  UPDATE k SET version = w.version, state = w.state
  FROM dbo.card k
  JOIN @writes w ON w.card_key = k.card_key
  JOIN @winner o ON o.unit = w.unit;

  INSERT INTO dbo.card (card_key, version, state)
  SELECT w.card_key, w.version, w.state
  FROM @writes w JOIN @winner o ON o.unit = w.unit
  WHERE w.version = 1;

  INSERT INTO dbo.claim (claim_key, position)
  SELECT c.claim_key, o.last_position
  FROM @claims c JOIN @winner o ON o.unit = c.unit;

  UPDATE dbo.ledger_writer SET batch = @batch, first_position = @first, entries = @count WHERE writer_id = @writer_id;
  IF @@ROWCOUNT = 0
    INSERT INTO dbo.ledger_writer (writer_id, batch, first_position, entries) VALUES (@writer_id, @batch, @first, @count);

  UPDATE dbo.ledger_head SET next_position = @first + @count WHERE id = 1;
  COMMIT TRANSACTION;

  SELECT @first AS first_position;
  SELECT unit, 0 AS fate, CONVERT(NVARCHAR(200), N'') AS lost_key, last_position AS position FROM @winner
  UNION ALL
  SELECT unit, fate, lost_key, position FROM @loser;
END;
GO
