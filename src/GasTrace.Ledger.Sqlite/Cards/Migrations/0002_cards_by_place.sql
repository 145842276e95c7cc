-- Cards lie at a number made of their key ("place_of"), and not in the order of their keys: the pages that lead to them hold
-- numbers only, some three hundred each, where they held a dozen whole cards.
CREATE TABLE card_by_place (
  place   INTEGER PRIMARY KEY, -- the first free one from place_of(key) on: cards are never deleted
  key     TEXT    NOT NULL,
  version INTEGER NOT NULL,
  state   BLOB    NOT NULL
);

-- The partitions come sorted, so that the table is filled from its beginning to its end. Of keys that share a place, each but the
-- first goes to the next.
INSERT INTO card_by_place (place, key, version, state)
SELECT place + row_number() OVER (PARTITION BY place ORDER BY key) - 1, key, version, state
FROM (SELECT place_of(key) AS place, key, version, state FROM card);

DROP TABLE card;
ALTER TABLE card_by_place RENAME TO card;
