using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite;

/// <summary>The SQL of this store.</summary>
internal static class SqlText
{
    private static readonly EmbeddedSql Files = new(typeof(SqlText).Assembly);

    /// <summary>The text of a file, for instance <c>Ledger.Sql.insert_claim</c>.</summary>
    public static string Of(string name) => Files.Of(name);
}
