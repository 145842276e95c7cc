DELETE FROM claim WHERE key = ?1
