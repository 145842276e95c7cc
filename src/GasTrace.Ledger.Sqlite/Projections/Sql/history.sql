SELECT e.position FROM json_each(@Positions) c CROSS JOIN entry e ON e.position = c.value
WHERE e.cylinder_id = @CylinderId
ORDER BY e.position LIMIT @Limit
