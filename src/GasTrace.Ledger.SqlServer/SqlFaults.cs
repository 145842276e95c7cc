using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;
using Polly.Timeout;

namespace GasTrace.Ledger.SqlServer;

/// <summary>What SQL Server's errors mean to this store.</summary>
internal static class SqlFaults
{
    /// <summary>The client's own number: the command took longer than it may.</summary>
    public const int TimedOut = -2;

    /// <summary>Rolled back so that another may go on.</summary>
    public const int DeadlockVictim = 1205;

    /// <summary>Waited for a lock as long as <c>LOCK_TIMEOUT</c> says.</summary>
    public const int LockTimeout = 1222;

    private const int BatchGivenUp = 51001;

    // Faults that pass by themselves, as Microsoft lists them for SQL Server and Azure SQL, and those of a lost connection.
    private static readonly HashSet<int> Passing =
    [
        TimedOut, 20, 64, 121, 233, 258, 596, 617, 669, 701, 921, 997, 1204, DeadlockVictim, LockTimeout, 1807, 3960, 4060, 4221, 10053, 10054, 10060, 10928, 10929,
        40143, 40197, 40501, 40540, 40613, 42108, 42109, 49918, 49919, 49920,
    ];

    /// <summary>True when the same read may succeed a moment later.</summary>
    public static bool PassesByItself(Exception error) => error is SqlException sql && Passing.Contains(sql.Number);

    /// <summary>
    /// True when the server itself refused the statement: with XACT_ABORT the transaction is rolled back, and nothing of it can
    /// come true. A timeout is the client's, and a lost connection is nobody's word.
    /// </summary>
    public static bool RolledBack(SqlException error) => error.Number is DeadlockVictim or LockTimeout or BatchGivenUp || error is { Number: > 50, Class: >= 11 and <= 16 };

    /// <summary>Why the store cannot be opened, in one line that names the setting.</summary>
    public static StoreStartException Start(Exception error) => new(
        error switch
        {
            SqlException { Number: 18456 } => new($"SQL Server 拒绝登录：{OneLine(error)} 请检查连接串中的用户和密码。", $"SQL Server refused the login: {OneLine(error)} Check user and password in the connection string."),
            SqlException { Number: 4060 } => new($"SQL Server 没有该数据库，或无权使用：{OneLine(error)} 请检查连接串中的数据库。", $"SQL Server has no such database, or it may not be used: {OneLine(error)} Check the database in the connection string."),
            SqlException { Number: 229 or 230 or 262 } => new($"该登录名权限不足：{OneLine(error)} 更新结构时请授予 db_owner，或事先更新。", $"The login may not do what the store needs: {OneLine(error)} Grant it db_owner for migrations, or run them beforehand."),
            SqlException => new($"无法使用 SQL Server：{OneLine(error)} 请检查连接串中的服务器。", $"SQL Server cannot be used: {OneLine(error)} Check the server in the connection string."),
            NotSupportedException => new($"SQL Server 需要系统的全球化数据（ICU）：{OneLine(error)} 请安装，且不要设置 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT。", $"SQL Server needs the system's globalization data (ICU): {OneLine(error)} Install it, and do not set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT."),
            _ => new($"连接串无法使用：{OneLine(error)}", $"The connection string cannot be used: {OneLine(error)}"),
        },
        error);

    /// <summary>The store is away, for the caller to try again.</summary>
    public static StoreUnavailableException Unavailable(Exception error) => new(
        error is TimeoutRejectedException ? "SQL Server did not answer in time." : $"SQL Server could not do it: {OneLine(error)}", error);

    /// <summary>The first line of a message.</summary>
    public static string OneLine(Exception error) => error.Message.ReplaceLineEndings("\n").Split('\n')[0];
}
