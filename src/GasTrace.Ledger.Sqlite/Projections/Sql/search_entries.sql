SELECT e.position FROM entry e
WHERE e.position >= @From AND e.position < @Below
  AND (@Kind = 0 OR e.kind = @Kind)
  AND (@RegionPrefix = '' OR e.region LIKE @RegionPrefix || '%')
  AND (@FromMicros IS NULL OR e.recorded_at >= @FromMicros) AND (@UntilMicros IS NULL OR e.recorded_at < @UntilMicros)
ORDER BY e.position DESC LIMIT @Limit
