INSERT INTO card_change (batch, changes, least_entries) VALUES (?1, ?2, ?3)
