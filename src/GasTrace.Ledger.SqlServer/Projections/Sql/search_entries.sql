SELECT TOP (@Limit) e.position FROM dbo.entry e
WHERE e.position >= @From AND e.position < @Below
  AND (@Kind = 0 OR e.kind = @Kind)
  AND (@RegionPrefix = N'' OR e.region LIKE @RegionPrefix + N'%')
  AND (@FromMicros IS NULL OR e.recorded_at >= @FromMicros) AND (@UntilMicros IS NULL OR e.recorded_at < @UntilMicros)
ORDER BY e.position DESC
