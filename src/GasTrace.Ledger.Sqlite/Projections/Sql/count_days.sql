SELECT station AS StationId, region AS Region, day AS Day, permits AS Permits, refusals AS Refusals, completed AS Completed,
       aborted AS Aborted, expired AS Expired, fills AS Fills, violations AS Violations, net_mass_g AS NetMassG
FROM station_day
WHERE region LIKE @RegionPrefix || '%' AND (@StationId = '' OR station = @StationId) AND day BETWEEN @FromDay AND @UntilDay
  AND (station, day) > (@AfterStation, @AfterDay)
ORDER BY station, day LIMIT @Limit
