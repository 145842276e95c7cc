SELECT e.position FROM (
  SELECT position FROM refusal WHERE code = @FindingCode AND position >= @From AND position < @Below
  UNION ALL
  SELECT position FROM violation WHERE code = @FindingCode AND position >= @From AND position < @Below
) f JOIN entry e ON e.position = f.position
WHERE (@Kind = 0 OR e.kind = @Kind)
  AND (@RegionPrefix = '' OR e.region LIKE @RegionPrefix || '%')
  AND (@StationId = '' OR e.station = @StationId)
  AND (@CylinderId = '' OR e.cylinder_id = @CylinderId)
  AND (@FromMicros IS NULL OR e.recorded_at >= @FromMicros) AND (@UntilMicros IS NULL OR e.recorded_at < @UntilMicros)
ORDER BY e.position DESC LIMIT @Limit
