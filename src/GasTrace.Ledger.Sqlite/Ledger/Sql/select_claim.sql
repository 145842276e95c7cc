SELECT position FROM claim WHERE key = ?1
