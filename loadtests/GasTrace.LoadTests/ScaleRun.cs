using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests;

/// <summary>
/// The same load over cities of growing size: rate, latency and memory as they grow. Each size runs in turn with the smallest, on a node of
/// its own beside it, and a loop begins when both nodes are at rest. Mere scans meet ever more open permits in a small city, and write no card
/// for those; permits that are given up or filled leave every cylinder free for the next.
/// </summary>
internal static class ScaleRun
{
    private const double SizeRatioLeast = 0.85;

    public static async Task<LoadReport> RunAsync(LoadSettings settings, IReadOnlyList<int> sizes, CancellationToken cancellationToken)
    {
        int[] growing = [.. sizes.Distinct().Order()];
        List<LoadRow> rows = [];
        var balance = true;
        await using var smallest = await LoadBench.StartAsync(settings with { Cylinders = growing[0] }, cancellationToken);
        foreach (var size in growing[1..])
        {
            await using var bench = await LoadBench.StartAsync(settings with { Cylinders = size }, cancellationToken);
            foreach (var scenario in (Func<CityScenarios, LoadScenario>[])[city => city.Scan, city => city.GivenUpScan, city => city.Cycle, city => city.Station])
            {
                LoadBench.Say($"{scenario(bench.Scenarios).Name}, {size:N0} and {growing[0]:N0} in turn …");
                var (measured, small, ratio) = await bench.CompareAsync(
                    stop => RestedLoopAsync(bench, smallest, scenario, stop), stop => RestedLoopAsync(smallest, bench, scenario, stop), loop => loop.PerSecond, cancellationToken);
                LoadBench.Say($"  {measured.PerSecond:N0} and {small.PerSecond:N0} a second, {ratio:0.00}");
                rows.Add(new LoadRow(small with { Name = $"{small.Name}, {growing[0]:N0}" }));
                rows.Add(new LoadRow(measured with { Name = $"{measured.Name}, {size:N0}" }, $"of {growing[0]:N0} in turn", ratio, Aim.Least(SizeRatioLeast)));
            }

            balance &= await EndAsync(bench);
        }

        balance &= await EndAsync(smallest);
        return new LoadReport(growing[^1], settings.Callers, settings.Window.TotalSeconds, settings.Rounds, Environment.ProcessorCount, rows, balance, "of every size");

        async Task<bool> EndAsync(LoadBench bench)
        {
            var (station, memory) = (await bench.LoopAsync(bench.Scenarios.Station, cancellationToken), (await bench.Node.UsageAsync()).AnonymousBytes / 1_048_576.0);
            rows.Add(new LoadRow(station with { Name = $"station at last, {bench.City.Cylinders:N0}" }, "MiB of the server's own memory then", memory, Aim.Most(1_024)));
            return (await bench.BooksAsync(cancellationToken)).Balance(0);
        }
    }

    private static async Task<Measurement> RestedLoopAsync(LoadBench bench, LoadBench beside, Func<CityScenarios, LoadScenario> scenario, CancellationToken cancellationToken)
    {
        await Task.WhenAll(bench.Node.RestAsync(cancellationToken), beside.Node.RestAsync(cancellationToken));
        return await bench.LoopAsync(scenario(bench.Scenarios), cancellationToken);
    }
}
