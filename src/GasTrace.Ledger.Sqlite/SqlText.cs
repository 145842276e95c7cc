using System.Collections.Concurrent;

namespace GasTrace.Ledger.Sqlite;

/// <summary>SQL lives in .sql files beside the code that runs it, embedded in this assembly.</summary>
internal static class SqlText
{
    private static readonly ConcurrentDictionary<string, string> Loaded = new(StringComparer.Ordinal);

    /// <summary>The text of a file, for instance <c>Ledger.Sql.insert_claim</c>.</summary>
    public static string Of(string name) => Loaded.GetOrAdd(name, static key =>
    {
        var resource = $"{typeof(SqlText).Namespace}.{key}.sql";
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"No SQL is embedded as '{resource}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
