using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests;

/// <summary>
/// The same load over cities of growing size: rate, latency and memory as they grow, each against the health check of its own turn. Scans
/// alone meet ever more open permits in a small city, and write no card for those; cycles close what they opened.
/// </summary>
internal static class ScaleRun
{
    private const double SizeRatioLeast = 0.85;

    public static async Task<LoadReport> RunAsync(LoadSettings settings, IReadOnlyList<int> sizes, CancellationToken cancellationToken)
    {
        List<LoadRow> rows = [];
        var balance = true;
        Dictionary<string, double> smallest = [];
        foreach (var size in sizes.Order())
        {
            await using var bench = await LoadBench.StartAsync(settings with { Cylinders = size }, cancellationToken);
            foreach (var scenario in (LoadScenario[])[bench.Scenarios.Scan, bench.Scenarios.Cycle])
            {
                var (measured, health, ratio) = await bench.CompareAsync(
                    stop => bench.LoopAsync(scenario, stop), stop => bench.LoopAsync(bench.Scenarios.Health, stop), loop => loop.PerSecond, cancellationToken);
                rows.Add(new LoadRow(health with { Name = $"health check, {size:N0}" }));
                rows.Add(smallest.TryAdd(scenario.Name, ratio)
                    ? new LoadRow(measured with { Name = $"{scenario.Name}, {size:N0}" }, "of health check", ratio)
                    : new LoadRow(measured with { Name = $"{scenario.Name}, {size:N0}" }, $"of {sizes.Min():N0}, each of its health check", ratio / smallest[scenario.Name], Aim.Least(SizeRatioLeast)));
            }

            var station = await bench.LoopAsync(bench.Scenarios.Station, cancellationToken);
            var memory = (await bench.Node.UsageAsync()).AnonymousBytes / 1_048_576.0;
            rows.Add(new LoadRow(station with { Name = $"station, {size:N0}" }, "MiB of the server's own memory then", memory, Aim.Most(1_024)));
            balance &= (await bench.BooksAsync(cancellationToken)).Balance(0);
        }

        return new LoadReport(sizes.Max(), settings.Callers, settings.Window.TotalSeconds, settings.Rounds, Environment.ProcessorCount, rows, balance, "of every size");
    }
}
