using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>The prepared statements of the projector's connection, by the name of their file.</summary>
internal sealed class ProjectionStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> prepared = new(StringComparer.Ordinal);

    public SqliteStatement this[string name]
    {
        get
        {
            if (!prepared.TryGetValue(name, out var statement))
            {
                prepared[name] = statement = new SqliteStatement(connection.Handle!, SqlText.Of("Projections.Sql." + name));
            }

            return statement;
        }
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values)
        {
            statement.Dispose();
        }
    }
}
