-- Positions are dense: next_position is written in the transaction that appends.
CREATE TABLE ledger (
  position    INTEGER PRIMARY KEY,
  kind        INTEGER NOT NULL,
  subject     TEXT    NOT NULL,
  station     TEXT    NOT NULL,
  region      TEXT    NOT NULL,
  gas         TEXT    NOT NULL,
  recorded_at INTEGER NOT NULL,   -- microseconds since 1970-01-01T00:00:00Z
  payload     BLOB    NOT NULL,   -- the event's bytes: what is stored is what is sent and hashed
  leaf_hash   BLOB    NOT NULL    -- RFC 6962
);

-- What each batch changed in cards.db, in the transaction of the batch; kept until cards.db has it.
CREATE TABLE card_change (
  batch   INTEGER PRIMARY KEY,
  changes BLOB    NOT NULL        -- gastrace.storage.v1.BatchCards
);

CREATE TABLE claim (
  key      TEXT    NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE ledger_head (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  next_position INTEGER NOT NULL,
  trimmed_batch INTEGER NOT NULL, -- card changes up to this batch were deleted: cards.db has them
  ledger_id     TEXT    NOT NULL
);

INSERT INTO ledger_head (id, next_position, trimmed_batch, ledger_id) VALUES (1, 0, 0, lower(hex(randomblob(16))));
