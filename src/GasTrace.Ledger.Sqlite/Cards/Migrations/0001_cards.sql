CREATE TABLE card (
  key     TEXT    NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  state   BLOB    NOT NULL
) WITHOUT ROWID;

CREATE TABLE card_head (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  flushed_batch INTEGER NOT NULL, -- every change up to this batch of the ledger is in the table above; some later ones may be
  ledger_id     TEXT    NOT NULL  -- empty until the first ledger is opened with it
);

INSERT INTO card_head (id, flushed_batch, ledger_id) VALUES (1, 0, '');
