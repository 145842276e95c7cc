-- Run once by sa: the database, its settings, and the login that GasTrace uses. Runs again without harm.
:on error exit
IF DB_ID(N'gastrace') IS NULL
  CREATE DATABASE gastrace;
GO
ALTER DATABASE gastrace SET RECOVERY FULL;
IF (SELECT is_read_committed_snapshot_on FROM sys.databases WHERE name = N'gastrace') = 0
  ALTER DATABASE gastrace SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;
GO
IF SUSER_ID(N'gastrace') IS NULL
  CREATE LOGIN gastrace WITH PASSWORD = N'$(password)', DEFAULT_DATABASE = gastrace;
GO
USE gastrace;
GO
IF USER_ID(N'gastrace') IS NULL
  CREATE USER gastrace FOR LOGIN gastrace;
-- Nodes bring the schema up to date at start; where that is done beforehand, db_datareader, db_datawriter and EXECUTE are enough.
ALTER ROLE db_owner ADD MEMBER gastrace;
GO
