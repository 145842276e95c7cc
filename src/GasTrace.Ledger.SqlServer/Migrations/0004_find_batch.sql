-- Whether a batch whose reply was lost was committed. It waits for the batch, should that still be running, and gives it up
-- for ever when it has not come.
CREATE PROCEDURE dbo.find_batch
  @writer_id UNIQUEIDENTIFIER,
  @batch     BIGINT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET LOCK_TIMEOUT 4000;
  BEGIN TRANSACTION;
  UPDATE dbo.ledger_head SET next_position = next_position + 0 WHERE id = 1;
  IF NOT EXISTS (SELECT 1 FROM dbo.ledger_writer WHERE writer_id = @writer_id AND batch >= @batch)
  BEGIN
    UPDATE dbo.ledger_writer SET batch = @batch, first_position = -1, entries = 0 WHERE writer_id = @writer_id;
    IF @@ROWCOUNT = 0
      INSERT INTO dbo.ledger_writer (writer_id, batch, first_position, entries) VALUES (@writer_id, @batch, -1, 0);
  END;
  COMMIT TRANSACTION;
  SELECT first_position, entries FROM dbo.ledger_writer WHERE writer_id = @writer_id AND batch = @batch;
END;
GO
