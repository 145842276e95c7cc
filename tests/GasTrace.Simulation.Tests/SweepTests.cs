namespace GasTrace.Simulation.Tests;

/// <summary>The core as it is keeps its promises in all weathers: on seeds that are always run, and on some that nobody ran before.</summary>
public sealed class SweepTests
{
    private const long Steps = 20_000;

    [Fact]
    public void Known_seeds_keep_every_promise() => Sweep(firstSeed: 1, operations: 150_000);

    [Fact]
    public void New_seeds_keep_every_promise() => Sweep((ulong)Random.Shared.NextInt64(1_000_000, 1_000_000_000), operations: 150_000);

    [Fact]
    public void The_same_seed_does_the_same_to_the_byte()
    {
        using var first = new StringWriter();
        using var second = new StringWriter();
        var before = Run.Do(7, 3_000, history: first);
        var after = Run.Do(7, 3_000, history: second);
        Assert.Equal((before.Digest, before.SchedulerSteps), (after.Digest, after.SchedulerSteps));
        Assert.Equal(first.ToString(), second.ToString());
        Assert.True(before.Entries > 3_000 / 2, "it would be easy to repeat nothing");
    }

    private static void Sweep(ulong firstSeed, long operations)
    {
        using var output = new StringWriter();
        var sweep = new Sweep(firstSeed, Steps, SimulatedFault.None, output);
        var broken = sweep.Run(Environment.ProcessorCount, duration: null, operations);
        TestContext.Current.TestOutputHelper!.WriteLine(output.ToString());
        Assert.True(broken is null, $"Seed {broken?.Seed}, {Steps} steps: {broken?.Broken}");
        Assert.True(sweep.Operations >= operations, $"Only {sweep.Operations} operations were run.");
    }
}
