SELECT position FROM entry WHERE cylinder_id = @CylinderId AND cylinder_id <> '' AND position >= @From ORDER BY position LIMIT @Limit
