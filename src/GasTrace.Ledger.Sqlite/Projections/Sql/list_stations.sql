SELECT station_id FROM station WHERE station_id > @AfterId AND region LIKE @RegionPrefix || '%' ORDER BY station_id LIMIT @Limit
