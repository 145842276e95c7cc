SELECT TOP (@Limit) e.position FROM (
  SELECT position FROM dbo.refusal WHERE code = @FindingCode AND position >= @From AND position < @Below
  UNION ALL
  SELECT position FROM dbo.violation WHERE code = @FindingCode AND position >= @From AND position < @Below
) f JOIN dbo.entry e ON e.position = f.position
WHERE e.position >= @From AND e.position < @Below
  AND (@Kind = 0 OR e.kind = @Kind)
  AND (@RegionPrefix = N'' OR e.region LIKE @RegionPrefix + N'%')
  AND (@StationId = N'' OR e.station = @StationId)
  AND (@CylinderId = N'' OR e.cylinder_id = @CylinderId)
  AND (@FromMicros IS NULL OR e.recorded_at >= @FromMicros) AND (@UntilMicros IS NULL OR e.recorded_at < @UntilMicros)
ORDER BY e.position DESC
