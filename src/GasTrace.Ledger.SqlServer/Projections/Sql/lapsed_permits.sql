SELECT TOP (@Limit) p.permit_id FROM dbo.open_permit p WHERE p.deadline <= @NowUnixSeconds ORDER BY p.deadline
