using GasTrace.Ledger.Sqlite.Projections;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>A batch of the projector is spread over its time by what the last one cost; one that is behind is not.</summary>
public sealed class BatchPaceTests
{
    private const int Full = 1_000;
    private readonly BatchPace pace = new(Full);

    [Theory]
    [InlineData(500, 200, 2.5)] // 100 ms of work and 250 of rest
    [InlineData(999, 200, 0.75)]
    [InlineData(10, 200, 6)] // at most six times its work
    [InlineData(999, 1_000, 0)] // more work than there is time
    [InlineData(1_000, 200, 0)]
    public void Work_and_rests_take_the_time_there_is(int entries, int microsPerEntry, double expected)
    {
        pace.Learn(100, TimeSpan.FromMicroseconds(100 * microsPerEntry));
        Assert.Equal(expected, pace.RestPerWork(entries), 0.01);
    }

    [Fact]
    public void What_took_no_time_at_all_rests_no_more_than_the_rest()
    {
        pace.Learn(100, TimeSpan.Zero);
        Assert.Equal(6, pace.RestPerWork(500));
    }
}
