SELECT key, version, state FROM card WHERE key > ?1 ORDER BY key LIMIT ?2
