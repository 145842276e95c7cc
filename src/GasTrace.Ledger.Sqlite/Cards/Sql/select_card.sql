SELECT version, state FROM card WHERE key = ?1
