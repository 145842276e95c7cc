-- The head's row is written only with what is trimmed: a page less in every commit. The last row of ledger says where the head is,
-- and beside it the last batch, or the head's row when all are trimmed, how many entries there must be.
ALTER TABLE ledger_head RENAME COLUMN next_position TO entries;
ALTER TABLE card_change ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
