namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>What nobody waits for stands back, and only that.</summary>
public sealed class BackgroundThreadTests
{
    // proc_pid_stat(5): the nineteenth field; the second, in brackets, may hold blanks.
    private const int NicenessAfterName = 16;
    private const int NicenessMax = 19;

    [Fact]
    public async Task Work_stands_back_and_who_awaits_it_does_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a thread's niceness in a file.");
        var before = Niceness();
        Assert.Equal(Math.Min(before + 10, NicenessMax), await BackgroundThread.RunAsync("work", Niceness));
        Assert.Equal(before, Niceness());
    }

    [Fact]
    public async Task It_stands_back_from_whoever_starts_it_however_nice_that_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a thread's niceness in a file.");
        var (starter, started) = await BackgroundThread.RunAsync("starter", () =>
        {
            var niceness = 0;
            new BackgroundThread("started", () => niceness = Niceness()).Join();
            return (Niceness(), niceness);
        });
        Assert.Equal(Math.Min(starter + 10, NicenessMax), started);
    }

    [Fact]
    public async Task What_it_throws_is_told()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => BackgroundThread.RunAsync<int>("work", () => throw new InvalidDataException("broken")));
        Assert.Equal("broken", error.Message);
    }

    [Fact]
    public void Its_end_can_be_waited_for()
    {
        var ended = false;
        new BackgroundThread("work", () => ended = true).Join();
        Assert.True(ended);
    }

    private static int Niceness()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[NicenessAfterName], System.Globalization.CultureInfo.InvariantCulture);
    }
}
