SELECT cylinder_id FROM cylinder
WHERE cylinder_id > @AfterId
ORDER BY cylinder_id LIMIT 1 OFFSET @Cylinders - 1
