INSERT INTO card_change (batch, changes) VALUES (?1, ?2)
