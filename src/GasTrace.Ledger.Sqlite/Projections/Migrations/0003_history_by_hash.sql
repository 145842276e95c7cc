-- Where a cylinder's entries are, by a hash of its id and packed: a row for each entry, sorted by cylinder and merged again and
-- again, was half of what projecting cost. Made again from "entry" at the next start.
DROP TABLE history;
DROP TABLE history_run;

-- A run leads to the entries of a stretch of positions.
CREATE TABLE history_run (
  run            INTEGER PRIMARY KEY,
  first_position INTEGER NOT NULL,
  next_position  INTEGER NOT NULL,
  block_bits     INTEGER NOT NULL,  -- its blocks are numbered by so many leading bits of the hash
  merged_into    INTEGER NOT NULL,  -- the run that its blocks are moved to; 0 for none
  moved_blocks   INTEGER NOT NULL   -- of each run that is merged into it
);
CREATE TABLE history_block (
  id      INTEGER PRIMARY KEY,      -- run * 65536 + block
  entries BLOB    NOT NULL          -- sorted: 32 bits of the hash, 32 bits of position - first_position
);
