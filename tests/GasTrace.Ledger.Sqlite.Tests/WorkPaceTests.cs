using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>Long work rests, in the measure that is asked for.</summary>
public sealed class WorkPaceTests : IDisposable
{
    private readonly SqliteConnection connection = new("Data Source=:memory:");
    private readonly Rests rests = new();
    private readonly WorkPace pace;

    public WorkPaceTests()
    {
        connection.Open();
        pace = new WorkPace(connection);
    }

    public void Dispose()
    {
        rests.Dispose();
        connection.Dispose();
    }

    [Fact]
    public void One_long_statement_rests_within()
    {
        pace.Set(3, rests);
        Work();
        Assert.NotEmpty(rests.Taken);
        Assert.All(rests.Taken, rest => Assert.InRange(rest, TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void A_rest_is_bounded_however_much_is_asked_for()
    {
        pace.Set(1_000, rests);
        Work();
        Assert.NotEmpty(rests.Taken);
        Assert.All(rests.Taken, rest => Assert.Equal(TimeSpan.FromMilliseconds(50), rest));
    }

    [Fact]
    public void At_full_speed_there_are_no_rests()
    {
        pace.Set(3, rests);
        pace.Set(0, rests);
        Work();
        Assert.Empty(rests.Taken);
    }

    [Fact]
    public void Work_that_rests_comes_to_the_same()
    {
        pace.Set(3, rests);
        Assert.Equal(1_999_999L * 1_000_000, Work());
    }

    private long Work()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999999) SELECT sum(i) FROM n";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Writes down the rests instead of taking them.</summary>
    private sealed class Rests : WaitHandle
    {
        public List<TimeSpan> Taken { get; } = [];

        public override bool WaitOne(TimeSpan timeout)
        {
            Taken.Add(timeout);
            return false;
        }
    }
}
