using System.Diagnostics;
using GasTrace.LoadTests.Node;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests;

/// <summary>
/// Makes a ledger as long as is wanted: the city fills over its stations' streams, as fast as a node of its own serves them. So the rows are
/// those of years, and what has piled up beside them, in tables and files, is what piles up.
/// </summary>
internal static class LedgerGrowth
{
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(10);

    public static async Task GrowAsync(LoadSettings settings, City city, string folder, CancellationToken cancellationToken)
    {
        await using var node = await LoadNode.StartAsync(folder, cancellationToken);
        await using var callers = new Callers([node.Addresses.Service], settings.Stations);
        var scenarios = new CityScenarios(city, callers);
        var began = Stopwatch.StartNew();
        var (first, said) = (await callers.HeadAsync(cancellationToken), 0L);
        for (var length = first; length < settings.Entries; length = await callers.HeadAsync(cancellationToken))
        {
            // A line for every twentieth: a hundred million take an hour.
            if (length * 20 / settings.Entries is var twentieth && twentieth > said)
            {
                said = twentieth;
                LoadBench.Say($"  {length:N0} of {settings.Entries:N0} entries, {(length - first) / began.Elapsed.TotalSeconds:N0} a second");
            }

            await ClosedLoop.RunAsync(scenarios.Station, settings.Callers, TimeSpan.Zero, Stretch, null, cancellationToken);
        }
    }
}
