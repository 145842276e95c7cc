UPDATE card_head SET flushed_batch = ?1 WHERE id = 1
