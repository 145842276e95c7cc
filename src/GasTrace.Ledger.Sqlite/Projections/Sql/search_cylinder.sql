SELECT e.position FROM history_run r
CROSS JOIN history h ON h.run = r.run AND h.cylinder_id = @CylinderId AND h.position < @Below
JOIN entry e ON e.position = h.position
WHERE (@Kind = 0 OR e.kind = @Kind)
  AND (@StationId = '' OR e.station = @StationId)
  AND (@RegionPrefix = '' OR e.region LIKE @RegionPrefix || '%')
  AND (@FromMicros IS NULL OR e.recorded_at >= @FromMicros) AND (@UntilMicros IS NULL OR e.recorded_at < @UntilMicros)
ORDER BY e.position DESC LIMIT @Limit
