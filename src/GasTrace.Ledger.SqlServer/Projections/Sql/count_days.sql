SELECT TOP (@Limit) d.station AS StationId, d.region AS Region, d.day AS Day, d.permits AS Permits, d.refusals AS Refusals, d.completed AS Completed,
       d.aborted AS Aborted, d.expired AS Expired, d.fills AS Fills, d.violations AS Violations, d.net_mass_g AS NetMassG
FROM dbo.station_day d
WHERE d.region LIKE @RegionPrefix + N'%' AND (@StationId = N'' OR d.station = @StationId) AND d.day BETWEEN @FromDay AND @UntilDay
  AND (d.station > @AfterStation OR (d.station = @AfterStation AND d.day > @AfterDay))
ORDER BY d.station, d.day
