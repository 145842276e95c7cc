SELECT next_position FROM dbo.projection_position WHERE id = 1
