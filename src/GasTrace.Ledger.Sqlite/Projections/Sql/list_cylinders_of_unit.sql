SELECT cylinder_id FROM cylinder
WHERE unit_id = @UnitId AND cylinder_id > @AfterId AND cylinder_id <= @ThroughId AND (@Maker = '' OR maker = @Maker) AND (@Model = '' OR model = @Model)
ORDER BY cylinder_id LIMIT @Limit
