SELECT cylinder_id FROM cylinder
WHERE unit_id = @UnitId AND cylinder_id > @AfterId
ORDER BY cylinder_id LIMIT 1 OFFSET @Cylinders - 1
