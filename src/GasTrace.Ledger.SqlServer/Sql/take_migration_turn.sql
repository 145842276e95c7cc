DECLARE @turn INT;
EXEC @turn = sp_getapplock @Resource = N'gastrace.migrations', @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = @milliseconds;
SELECT @turn AS turn;
