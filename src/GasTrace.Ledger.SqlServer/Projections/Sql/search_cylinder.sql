SELECT TOP (@Limit) e.position FROM dbo.entry e
WHERE e.cylinder_id = @CylinderId AND e.cylinder_id <> N'' AND e.position >= @From AND e.position < @Below
  AND (@Kind = 0 OR e.kind = @Kind)
  AND (@RegionPrefix = N'' OR e.region LIKE @RegionPrefix + N'%')
  AND (@StationId = N'' OR e.station = @StationId)
  AND (@FromMicros IS NULL OR e.recorded_at >= @FromMicros) AND (@UntilMicros IS NULL OR e.recorded_at < @UntilMicros)
ORDER BY e.position DESC
