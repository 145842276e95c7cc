SELECT version FROM card WHERE key = ?1
