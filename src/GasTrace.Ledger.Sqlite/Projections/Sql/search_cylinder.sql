SELECT e.position FROM entry e
WHERE e.cylinder_id = @CylinderId AND e.cylinder_id <> '' AND e.position < @Below
  AND (@Kind = 0 OR e.kind = @Kind)
  AND (@StationId = '' OR e.station = @StationId)
  AND (@RegionPrefix = '' OR e.region LIKE @RegionPrefix || '%')
  AND (@FromMicros IS NULL OR e.recorded_at >= @FromMicros) AND (@UntilMicros IS NULL OR e.recorded_at < @UntilMicros)
ORDER BY e.position DESC LIMIT @Limit
