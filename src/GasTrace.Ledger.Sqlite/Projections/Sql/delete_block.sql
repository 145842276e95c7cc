DELETE FROM history_block WHERE id = ?1
