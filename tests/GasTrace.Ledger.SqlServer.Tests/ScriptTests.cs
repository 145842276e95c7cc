using System.Text.RegularExpressions;
using Microsoft.SqlServer.Dac.Model;

namespace GasTrace.Ledger.SqlServer;

/// <summary>Every script and every query, compiled against the schema that the migrations make, without a server.</summary>
public sealed partial class ScriptTests
{
    // What the queries are given from C#.
    private static readonly (string Name, string Type)[] Parameters =
    [
        ("@wanted", "dbo.wanted_card READONLY"), ("@claim_key", "NVARCHAR(200)"), ("@from_position", "BIGINT"), ("@limit", "INT"),
        ("@Kind", "INT"), ("@RegionPrefix", "NVARCHAR(6)"), ("@StationId", "NVARCHAR(64)"), ("@CylinderId", "NVARCHAR(64)"), ("@FindingCode", "NVARCHAR(64)"),
        ("@FromMicros", "BIGINT"), ("@UntilMicros", "BIGINT"), ("@Below", "BIGINT"), ("@Limit", "INT"), ("@From", "BIGINT"), ("@FromDay", "NVARCHAR(10)"),
        ("@UntilDay", "NVARCHAR(10)"), ("@UnitId", "NVARCHAR(64)"), ("@Maker", "NVARCHAR(64)"), ("@Model", "NVARCHAR(64)"), ("@AfterId", "NVARCHAR(64)"), ("@ThroughId", "NVARCHAR(64)"), ("@Cylinders", "INT"),
        ("@NowUnixSeconds", "BIGINT"), ("@after", "NVARCHAR(200)"), ("@AfterStation", "NVARCHAR(64)"), ("@AfterDay", "NVARCHAR(10)"),
        ("@ThroughStation", "NVARCHAR(64)"), ("@ThroughDay", "NVARCHAR(10)"), ("@milliseconds", "INT"),
    ];

    // A procedure of the server, which a model does not know by itself, with the parameters that Microsoft documents.
    private const string OfTheServer =
        "CREATE PROCEDURE dbo.sp_getapplock @Resource NVARCHAR(255), @LockMode NVARCHAR(32), @LockOwner NVARCHAR(32), @LockTimeout INT AS RETURN 0;";

    private static readonly System.Reflection.Assembly Store = typeof(SqlServerLedgerStore).Assembly;

    public static TheoryData<string> Queries => [.. Store.GetManifestResourceNames().Where(name => name.Contains(".Sql.", StringComparison.Ordinal) && !name.Contains("use_snapshots", StringComparison.Ordinal))];

    [Fact]
    public void The_migrations_compile_and_resolve() => Assert.Empty(Faults(Migrations()));

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_compiles_and_resolves(string name) => Assert.Empty(Faults([OfTheServer, .. Migrations(), AsProcedure("query_of_test", Text(name))]));

    [Theory]
    [InlineData("k.version, 0) <> r.version", "k.versio, 0) <> r.version")]
    [InlineData("INSERT INTO dbo.claim (claim_key, position)", "INSERT INTO dbo.claim (claim_key, positio)")]
    [InlineData("SELECT @first = next_position FROM", "SELECT @first = next_positio FROM")]
    [InlineData("c.claim_key, t.position,", "c.claim_key, t.positio,")]
    [InlineData("t.claim_key = c.claim_key", "t.claim_ke = c.claim_key")]
    [InlineData("e.kind, e.subject", "e.kin, e.subject")]
    [InlineData("SET version = w.version", "SET versio = w.version")]
    [InlineData("SET batch = @batch, first", "SET batc = @batch, first")]
    [InlineData("WHERE writer_id = @writer_id AND batch", "WHERE writer_i = @writer_id AND batch")]
    [InlineData("FROM @entries e", "FROM @entry e")]
    [InlineData("dbo.ledger_writer WHERE", "dbo.ledger_writers WHERE")]
    [InlineData("COMMIT TRANSACTION;", "COMIT TRANSACTION;")]
    [InlineData("j.deadline\n  FROM", "j.dedline\n  FROM")]
    [InlineData("d.fills + j.fills", "d.fillings + j.fills")]
    public void A_procedure_with_a_fault_is_found(string right, string wrong)
    {
        var broken = Migrations().Select(batch => batch.Contains("CREATE PROCEDURE dbo.a", StringComparison.Ordinal) ? batch.Replace(right, wrong, StringComparison.Ordinal) : batch);
        Assert.NotEqual(Migrations(), broken);
        Assert.NotEmpty(Faults([.. broken]));
    }

    [Fact]
    public void Migrations_are_numbered_without_gaps() => Assert.Equal(
        Enumerable.Range(1, MigrationNames().Count).Select(number => $"{number:D4}"),
        MigrationNames().Select(name => name.Split('.')[^2][..4]));

    [Theory]
    [InlineData("MERGE ")]
    [InlineData("CREATE OR ALTER")]
    [InlineData("WAITFOR")]
    [InlineData("HASHBYTES")]
    [InlineData("IS DISTINCT FROM")]
    [InlineData("OUTPUT deleted")]
    public void Nothing_is_used_that_the_other_server_lacks(string construct) =>
        Assert.All(Store.GetManifestResourceNames(), name => Assert.DoesNotContain(construct, Text(name), StringComparison.OrdinalIgnoreCase));

    private static List<string> MigrationNames() =>
        [.. Store.GetManifestResourceNames().Where(name => name.Contains(".Migrations.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static List<string> Migrations()
    {
        var number = 0;
        List<string> batches = [.. MigrationNames().SelectMany(name => Go().Split(Text(name))).Where(batch => batch.Trim().Length > 0)];

        // A procedure that a later script makes anew is only there as that makes it.
        for (var drop = batches.Count - 1; drop >= 0; drop--)
        {
            if (Dropped().Match(batches[drop]) is { Success: true } dropped)
            {
                batches.RemoveAt(drop);
                batches.RemoveAt(batches.FindLastIndex(drop - 1, batch => Regex.IsMatch(batch, $@"^CREATE PROCEDURE {Regex.Escape(dropped.Groups[2].Value)}\b", RegexOptions.Multiline)));
                drop--;
            }
        }

        return
        [
            .. batches.Select(batch => Definition().IsMatch(batch) ? batch : AsProcedure($"data_of_migration_{number++}", batch)),
        ];
    }

    // A model holds definitions only; what changes data is checked as the body of a procedure.
    private static string AsProcedure(string name, string body)
    {
        var declared = Parameters.Where(parameter => Regex.IsMatch(body, parameter.Name + @"\b")).Select(parameter => $"{parameter.Name} {parameter.Type}");
        return $"CREATE PROCEDURE dbo.{name} {string.Join(", ", declared)} AS BEGIN\n{body}\nEND;";
    }

    private static List<string> Faults(List<string> batches)
    {
        using var model = new TSqlModel(SqlServerVersion.Sql160, new TSqlModelOptions());
        try
        {
            foreach (var batch in batches)
            {
                model.AddObjects(batch);
            }
        }
        catch (DacModelException error)
        {
            return [error.Message];
        }

        return [.. model.Validate().Select(message => message.Message), .. QualifiedColumns.Faults(batches)];
    }

    internal static string Text(string resource)
    {
        using var reader = new StreamReader(Store.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^\s*GO\s*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Go();

    [GeneratedRegex(@"^\s*(--.*\s+)*CREATE\b", RegexOptions.IgnoreCase)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^\s*(--.*\s+)*DROP PROCEDURE IF EXISTS ([\w.]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Dropped();
}
