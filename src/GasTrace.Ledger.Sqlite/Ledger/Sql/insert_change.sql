INSERT INTO card_change (batch, changes, entries) VALUES (?1, ?2, ?3)
