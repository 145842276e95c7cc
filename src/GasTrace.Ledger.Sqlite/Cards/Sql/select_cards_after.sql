SELECT key, version, state, place FROM card WHERE place > ?1 ORDER BY place LIMIT ?2
