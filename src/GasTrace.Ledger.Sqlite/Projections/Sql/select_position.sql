SELECT next_position FROM projection_position WHERE id = 1
