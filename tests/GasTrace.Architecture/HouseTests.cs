using System.Reflection;
using System.Text.RegularExpressions;

namespace GasTrace.Architecture;

/// <summary>The plan of the house, held against what was built.</summary>
public partial class HouseTests
{
    private const int FileLinesMax = 400;

    private static string Repository { get; } = FindRepository();

    public static TheoryData<string, string> Rooms => new()
    {
        { "GasTrace.Contract", "" },
        { "GasTrace.Domain", "GasTrace.Contract" },
        { "GasTrace.Ledger", "GasTrace.Contract GasTrace.Domain" },
        { "GasTrace.Ledger.Sqlite", "GasTrace.Contract GasTrace.Domain GasTrace.Ledger" },
        { "GasTrace.Ledger.SqlServer", "GasTrace.Contract GasTrace.Domain GasTrace.Ledger" },
        { "GasTrace.Terminal", "GasTrace.Contract" },
        { "GasTrace.Cards.Redis", "GasTrace.Contract GasTrace.Domain GasTrace.Ledger" },
        { "GasTrace.Server", "GasTrace.Contract GasTrace.Domain GasTrace.Ledger GasTrace.Ledger.Sqlite GasTrace.Ledger.SqlServer GasTrace.Cards.Redis" },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_whom_it_may_know(string room, string allowed)
    {
        var known = Assembly.Load(room).GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("GasTrace.", StringComparison.Ordinal));
        Assert.Subset(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), known.ToHashSet());
    }

    [Fact]
    public void The_domain_uses_no_package_but_the_contracts()
    {
        var others = Assembly.Load("GasTrace.Domain").GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("GasTrace", StringComparison.Ordinal));
        Assert.Subset(new HashSet<string> { "Google.Protobuf", "Google.Api.CommonProtos" }, others.ToHashSet());
    }

    [Fact]
    public void Every_test_project_is_in_the_solution_that_the_tests_command_runs()
    {
        var solution = File.ReadAllText(Path.Combine(Repository, "GasTrace.sln"));
        var projects = Directory.GetFiles(Path.Combine(Repository, "tests"), "*.csproj", SearchOption.AllDirectories);
        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void No_file_is_longer_than_one_idea_can_be() =>
        Assert.All(Sources(), file => Assert.True(File.ReadLines(file).Count() <= FileLinesMax, $"{file} has more than {FileLinesMax} lines"));

    [Fact]
    public void No_folder_is_a_catch_all() =>
        Assert.DoesNotContain(Sources().SelectMany(file => file.Split(Path.DirectorySeparatorChar)), part => part is "Utils" or "Helpers" or "Common" or "Misc");

    [Fact]
    public void No_mark_is_forgotten() =>
        Assert.All(Sources(), file => Assert.DoesNotMatch(Marks(), File.ReadAllText(file)));

    [Fact]
    public void Sql_lives_in_sql_files() =>
        Assert.All(
            Sources().Where(file => file.Contains("GasTrace.Ledger.Sqlite", StringComparison.Ordinal)),
            file => Assert.DoesNotMatch(Statements(), File.ReadAllText(file)));

    [Fact]
    public void Every_public_message_and_field_of_the_contract_says_what_it_means()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository, "proto", "gastrace"), "*.proto", SearchOption.AllDirectories))
        {
            var lines = File.ReadAllLines(file);
            for (var i = 1; i < lines.Length; i++)
            {
                if (Declarations().IsMatch(lines[i]) && !lines[i].Contains("_UNSPECIFIED = 0", StringComparison.Ordinal))
                {
                    Assert.True(lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal), $"{Path.GetFileName(file)}:{i + 1} has no comment: {lines[i].Trim()}");
                }
            }
        }
    }

    [Fact]
    public void Every_decision_says_its_status() =>
        Assert.All(Directory.GetFiles(Path.Combine(Repository, "docs", "decisions")), file => Assert.Contains("Status:", File.ReadAllText(file), StringComparison.Ordinal));

    private static IEnumerable<string> Sources() => Directory.GetFiles(Path.Combine(Repository, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GasTrace.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("GasTrace.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }

    [GeneratedRegex("TO" + "DO|FIX" + "ME|HA" + "CK|NotImplementedException")]
    private static partial Regex Marks();

    [GeneratedRegex("\"(SELECT|INSERT|UPDATE|DELETE) ")]
    private static partial Regex Statements();

    [GeneratedRegex(@"^\s*(message|enum|service|rpc|oneof) \w+|^\s*(repeated |optional )?[\w.<>, ]+ \w+ = \d+;|^\s*[A-Z_0-9]+ = \d+;")]
    private static partial Regex Declarations();
}
