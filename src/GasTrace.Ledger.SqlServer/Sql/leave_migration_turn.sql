EXEC sp_releaseapplock @Resource = N'gastrace.migrations', @LockOwner = 'Session';
