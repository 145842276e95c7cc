SELECT cylinder_id FROM cylinder
WHERE cylinder_id > @AfterId AND cylinder_id <= @ThroughId AND (@Maker = '' OR maker = @Maker) AND (@Model = '' OR model = @Model)
ORDER BY cylinder_id LIMIT @Limit
