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

CREATE TABLE card (
  key     TEXT    NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  state   BLOB    NOT NULL
) WITHOUT ROWID;

CREATE TABLE claim (
  key      TEXT    NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE ledger_head (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  next_position INTEGER NOT NULL,
  ledger_id     TEXT    NOT NULL
);

INSERT INTO ledger_head (id, next_position, ledger_id) VALUES (1, 0, lower(hex(randomblob(16))));
