SELECT key, version, state FROM card WHERE place = ?1
