SELECT TOP (@Limit) e.position FROM dbo.entry e
WHERE e.cylinder_id = @CylinderId AND e.cylinder_id <> N'' AND e.position >= @From
ORDER BY e.position
