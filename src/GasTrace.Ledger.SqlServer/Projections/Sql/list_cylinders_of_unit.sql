SELECT TOP (@Limit) c.cylinder_id FROM dbo.cylinder c
WHERE c.unit_id = @UnitId AND c.cylinder_id > @AfterId AND c.cylinder_id <= @ThroughId AND (@Maker = N'' OR c.maker = @Maker) AND (@Model = N'' OR c.model = @Model)
ORDER BY c.cylinder_id
