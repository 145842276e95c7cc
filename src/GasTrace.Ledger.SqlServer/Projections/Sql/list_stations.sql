SELECT TOP (@Limit) s.station_id FROM dbo.station s
WHERE s.station_id > @AfterId AND s.region LIKE @RegionPrefix + N'%'
ORDER BY s.station_id
