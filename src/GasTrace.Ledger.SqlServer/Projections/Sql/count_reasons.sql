SELECT d.station AS StationId, d.day AS Day, d.code AS Code, d.refusals AS Count
FROM dbo.station_day_reason d
WHERE d.region LIKE @RegionPrefix + N'%' AND (@StationId = N'' OR d.station = @StationId) AND d.day BETWEEN @FromDay AND @UntilDay
  AND (d.station > @AfterStation OR (d.station = @AfterStation AND d.day > @AfterDay))
  AND (d.station < @ThroughStation OR (d.station = @ThroughStation AND d.day <= @ThroughDay))
ORDER BY d.station, d.day, d.code
