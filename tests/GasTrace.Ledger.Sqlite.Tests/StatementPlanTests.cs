using System.Reflection;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>Statements find their rows: none reads a table that grows from end to end, but for those that say why.</summary>
public sealed class StatementPlanTests : IDisposable
{
    // Few rows, or all of them wanted, or a last resort.
    private static readonly string[] MayScan =
    [
        "Projections.select_runs: SCAN history_run",
        "Projections.history: SCAN c VIRTUAL TABLE INDEX",
        "Projections.search_cylinder: SCAN c VIRTUAL TABLE INDEX",
        "Projections.history_blocks: SCAN r",
        // A permit of whose deadline the entry does not tell.
        "Projections.delete_any_open_permit: SCAN open_permit",
        "Projections.update_any_open_permit: SCAN open_permit",
        // A row a station and day, and a day.
        "Projections.count_days: SCAN station_day",
        "Projections.count_reasons: SCAN station_day_reason",
    ];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    public static TheoryData<string> Statements =>
        [.. typeof(SqlText).Assembly.GetManifestResourceNames().Where(name => name.Contains(".Sql.", StringComparison.Ordinal)).Select(name => name["GasTrace.Ledger.Sqlite.".Length..^".sql".Length])];

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Statements))]
    public void No_statement_reads_a_table_from_end_to_end(string statement)
    {
        var area = statement[..statement.IndexOf('.', StringComparison.Ordinal)];
        var options = new SqliteOptions(folder.FullName);
        var path = Path.Combine(folder.FullName, area + ".db");
        SqliteMigrations.Run(path, area, options);
        using var connection = SqliteConnections.OpenReader(path, options);
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + SqlText.Of(statement);
        using var plan = command.ExecuteReader();
        while (plan.Read())
        {
            var step = plan.GetString(3);
            var seen = $"{area}.{statement[(statement.LastIndexOf('.') + 1)..]}: {step}";
            Assert.True(!step.StartsWith("SCAN", StringComparison.Ordinal) || MayScan.Any(known => seen.StartsWith(known, StringComparison.Ordinal)), seen);
        }
    }
}
