namespace GasTrace.Simulation.Tests;

/// <summary>The simulation can fail: each fault that is planted in the core is found, within so many operations over so many seeds.</summary>
public sealed class PlantedFaultTests
{
    private const int SeedsMax = 24;
    private const long StepsPerSeed = 8_000;

    [Theory]
    [InlineData("SkipsVersionChecks")]
    [InlineData("CachedCardsDecideAlone")]
    [InlineData("AcknowledgesBeforeCommit")]
    [InlineData("RetriesWithoutClaims")]
    [InlineData("DropsAtTheSwitch")]
    [InlineData("ExpiresEarly")]
    public void A_planted_fault_is_found(string fault)
    {
        var planted = Enum.Parse<SimulatedFault>(fault);
        long operations = 0;
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            var result = Run.Do(seed, StepsPerSeed, planted);
            operations += result.Operations;
            if (result.Broken is { } broken)
            {
                TestContext.Current.TestOutputHelper!.WriteLine($"Found with seed {seed} after {operations} operations: {broken}");
                return;
            }
        }

        Assert.Fail($"{fault} was not found in {operations} operations.");
    }
}
