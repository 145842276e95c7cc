SELECT h.position FROM history_run r CROSS JOIN history h ON h.run = r.run AND h.cylinder_id = @CylinderId AND h.position >= @From
ORDER BY h.position LIMIT @Limit
