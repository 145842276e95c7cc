SELECT permit_id FROM open_permit WHERE deadline <= @NowUnixSeconds ORDER BY deadline LIMIT @Limit
