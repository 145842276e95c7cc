SELECT station AS StationId, day AS Day, code AS Code, refusals AS Count
FROM station_day_reason
WHERE region LIKE @RegionPrefix || '%' AND (@StationId = '' OR station = @StationId) AND day BETWEEN @FromDay AND @UntilDay
  AND (station, day) > (@AfterStation, @AfterDay) AND (station, day) <= (@ThroughStation, @ThroughDay)
ORDER BY station, day, code
