SELECT entries FROM history_block WHERE id = ?1
