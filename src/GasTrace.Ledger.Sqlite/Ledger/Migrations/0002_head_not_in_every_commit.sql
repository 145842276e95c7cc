-- The last row of ledger says where the head is, and the head's row is written only with what is trimmed: a page less in every
-- commit. That none of the last entries is lost, the last change of cards can tell.
ALTER TABLE ledger_head RENAME COLUMN next_position TO least_entries;
ALTER TABLE card_change ADD COLUMN least_entries INTEGER NOT NULL DEFAULT 0;
