SELECT key, version, state FROM card WHERE place > ?1 ORDER BY place LIMIT ?2
