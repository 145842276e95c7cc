using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests;

/// <summary>
/// The same load over cities of growing size, or over a city whose ledger grows: rate, latency, memory and time to start as they grow. Each
/// size runs in turn with the smallest, on a node of its own beside it, and a loop begins when both nodes are at rest. Mere scans meet ever
/// more open permits in a small city, and write no card for those; permits that are given up or filled leave every cylinder free for the next.
/// </summary>
internal static class ScaleRun
{
    private const double SizeRatioLeast = 0.85;
    private const double StartingSecondsMost = 3;
    private const double MemoryMibMost = 1_024;

    private static readonly Step[] Filling =
        [.. ((Func<CityScenarios, LoadScenario>[])[city => city.Scan, city => city.GivenUpScan, city => city.Cycle, city => city.Station]).Select(scenario => new Step(scenario, Aim.Least(SizeRatioLeast)))];

    // Without an aim: a cylinder that was filled for years has more on a page.
    private static readonly Step[] Reading =
        [.. ((Func<CityScenarios, LoadScenario>[])[city => city.History, city => city.Search, city => city.Entry]).Select(scenario => new Step(scenario, null))];

    /// <summary>Cities of growing size, each with the entries of its register.</summary>
    public static Task<LoadReport> OverCitiesAsync(LoadSettings settings, IEnumerable<int> cylinders, CancellationToken cancellationToken) =>
        RunAsync([.. cylinders.Distinct().Order().Select(size => (settings with { Cylinders = size }, (long)size))], Filling, cancellationToken);

    /// <summary>A city with ledgers of growing length: what years leave behind.</summary>
    public static Task<LoadReport> OverLedgersAsync(LoadSettings settings, IEnumerable<long> entries, CancellationToken cancellationToken) =>
        RunAsync([.. entries.Distinct().Order().Select(size => (settings with { Entries = size }, size))], [.. Filling, .. Reading], cancellationToken);

    private static async Task<LoadReport> RunAsync(
        IReadOnlyList<(LoadSettings Settings, long Size)> growing, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        List<LoadRow> rows = [];
        List<string> books = [];
        var balance = true;
        var (least, leastSize) = growing[0];
        await using var smallest = await LoadBench.StartAsync(least, cancellationToken);
        foreach (var (settings, size) in growing.Skip(1))
        {
            await using var bench = await LoadBench.StartAsync(settings, cancellationToken);
            foreach (var (scenario, aim) in steps)
            {
                LoadBench.Say($"{scenario(bench.Scenarios).Name}, {size:N0} and {leastSize:N0} in turn …");
                var (measured, small, ratio) = await bench.CompareAsync(
                    stop => RestedLoopAsync(bench, smallest, scenario, stop), stop => RestedLoopAsync(smallest, bench, scenario, stop), loop => loop.PerSecond, cancellationToken);
                LoadBench.Say($"  {measured.PerSecond:N0} and {small.PerSecond:N0} a second, {ratio:0.00}");
                rows.Add(new LoadRow(small with { Name = $"{small.Name}, {leastSize:N0}" }));
                rows.Add(new LoadRow(measured with { Name = $"{measured.Name}, {size:N0}" }, $"of {leastSize:N0} in turn", ratio, aim));
            }

            await EndAsync(bench, size);
        }

        await EndAsync(smallest, leastSize);
        return new LoadReport(
            growing[^1].Settings.Cylinders, least.Callers, least.Window.TotalSeconds, least.Rounds, Environment.ProcessorCount, rows, balance, string.Join("; ", books));

        async Task EndAsync(LoadBench bench, long size)
        {
            var (station, memory) = (await bench.LoopAsync(bench.Scenarios.Station, cancellationToken), (await bench.Node.UsageAsync()).AnonymousBytes / 1_048_576.0);
            rows.Add(new LoadRow(new Measurement($"start, {size:N0}", "starts", 0), "s from the start of the process until it serves", bench.Starting.TotalSeconds, Aim.Most(StartingSecondsMost)));
            rows.Add(new LoadRow(station with { Name = $"station at last, {size:N0}" }, "MiB of the server's own memory then", memory, Aim.Most(MemoryMibMost)));
            var kept = await bench.BooksAsync(cancellationToken);
            balance &= kept.Balance(0);
            books.Add($"{size:N0}: {kept}");
        }
    }

    private static async Task<Measurement> RestedLoopAsync(LoadBench bench, LoadBench beside, Func<CityScenarios, LoadScenario> scenario, CancellationToken cancellationToken)
    {
        await Task.WhenAll(bench.Node.RestAsync(cancellationToken), beside.Node.RestAsync(cancellationToken));
        return await bench.LoopAsync(scenario(bench.Scenarios), cancellationToken);
    }

    private sealed record Step(Func<CityScenarios, LoadScenario> Scenario, Aim? Aim);
}
