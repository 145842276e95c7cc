using GasTrace.LoadTests.Reporting;

namespace GasTrace.LoadTests;

/// <summary>The same load over cities of growing size: rate, latency and memory as they grow, each against the health check of its own turn.</summary>
internal static class ScaleRun
{
    public static async Task<LoadReport> RunAsync(LoadSettings settings, IReadOnlyList<int> sizes, CancellationToken cancellationToken)
    {
        List<LoadRow> rows = [];
        var balance = true;
        double? smallest = null;
        foreach (var size in sizes.Order())
        {
            await using var bench = await LoadBench.StartAsync(settings with { Cylinders = size }, cancellationToken);
            var (scan, health, ratio) = await bench.CompareAsync(
                stop => bench.LoopAsync(bench.Scenarios.Scan, stop), stop => bench.LoopAsync(bench.Scenarios.Health, stop), measured => measured.PerSecond, cancellationToken);
            var station = await bench.LoopAsync(bench.Scenarios.Station, cancellationToken);
            var memory = (await bench.Node.UsageAsync()).AnonymousBytes / 1_048_576.0;
            rows.Add(new LoadRow(health with { Name = $"health check, {size:N0}" }));
            rows.Add(new LoadRow(scan with { Name = $"scan, {size:N0}" }, "of health check"));
            rows.Add(new LoadRow(station with { Name = $"station, {size:N0}" }, "MiB of the server's own memory then", memory, Aim.Most(1_024)));
            if (smallest is { } first)
            {
                rows.Add(new LoadRow(scan with { Name = $"scan, {size:N0} against {sizes.Min():N0}" }, "of the smallest, each of its health check", ratio / first, Aim.Least(0.85)));
            }

            smallest ??= ratio;
            balance &= (await bench.BooksAsync(cancellationToken)).Balance((long)settings.Callers * bench.Loops);
        }

        return new LoadReport(sizes.Max(), settings.Callers, settings.Window.TotalSeconds, settings.Rounds, Environment.ProcessorCount, rows, balance, "of every size");
    }
}
