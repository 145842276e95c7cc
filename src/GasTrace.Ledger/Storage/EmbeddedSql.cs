using System.Collections.Concurrent;
using System.Reflection;

namespace GasTrace.Ledger.Storage;

/// <summary>SQL lives in .sql files beside the code that runs it, embedded in the store's assembly.</summary>
/// <param name="assembly">The store's assembly; the names of its files begin with its own name.</param>
public sealed class EmbeddedSql(Assembly assembly)
{
    private readonly ConcurrentDictionary<string, string> loaded = new(StringComparer.Ordinal);

    /// <summary>The text of a file, for instance <c>Ledger.Sql.insert_claim</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no such file.</exception>
    public string Of(string name) => loaded.GetOrAdd(name, key =>
    {
        var resource = $"{assembly.GetName().Name}.{key}.sql";
        using var stream = assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"No SQL is embedded as '{resource}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
