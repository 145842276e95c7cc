SELECT c.cylinder_id FROM dbo.cylinder c
WHERE c.unit_id = @UnitId AND c.cylinder_id > @AfterId
ORDER BY c.cylinder_id OFFSET @Cylinders - 1 ROWS FETCH NEXT 1 ROWS ONLY
