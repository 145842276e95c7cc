namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>What nobody waits for stands back, and only that.</summary>
public sealed class BackgroundThreadTests
{
    // proc_pid_stat(5): the nineteenth field; the second, in brackets, may hold blanks.
    private const int NicenessAfterName = 16;

    [Fact]
    public async Task Work_stands_back_and_who_awaits_it_does_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a thread's niceness in a file.");
        var before = Niceness();
        Assert.Equal(10, await BackgroundThread.RunAsync("work", Niceness));
        Assert.Equal(before, Niceness());
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
