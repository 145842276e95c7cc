SELECT w.ordinal, ISNULL(k.version, 0) AS version, k.state
FROM @wanted w LEFT JOIN dbo.card k ON k.card_key = w.card_key
ORDER BY w.ordinal
