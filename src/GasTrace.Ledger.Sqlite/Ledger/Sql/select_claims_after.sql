SELECT key, position FROM claim WHERE key > ?1 ORDER BY key LIMIT ?2
