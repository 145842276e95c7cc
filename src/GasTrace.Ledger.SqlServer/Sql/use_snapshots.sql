IF (SELECT is_read_committed_snapshot_on FROM sys.databases WHERE name = DB_NAME()) = 0
  EXEC('ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON');
