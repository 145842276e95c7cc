using GasTrace.LoadTests.Phases;
using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;

namespace GasTrace.LoadTests;

/// <summary>
/// The mixed city at a steady rate for as long as one likes, with followers: memory, handles and latency have to stay what they
/// were in the first minutes, or the run fails.
/// </summary>
internal static class SoakRun
{
    private const double GrowthMax = 1.1;

    // One minute's figures are chance; the median of five is not.
    private const int MinutesCompared = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(2);

    public static async Task<LoadReport> RunAsync(LoadSettings settings, TimeSpan time, double perSecond, CancellationToken cancellationToken)
    {
        await using var bench = await LoadBench.StartAsync(settings, cancellationToken);
        await using var followers = new LiveFollowers(bench.Node.Addresses.Service, MixedPhase.Followers);
        List<Minute> minutes = [];
        LoadBench.Say($"{"minute",6} {"per second",10} {"p50 ms",8} {"p99 ms",8} {"errors",6} {"server MB",9} {"handles",7} {"CPU",5}");
        var (before, since) = (await bench.Node.UsageAsync(), TimeProvider.System.GetTimestamp());
        await OpenLoop.RunAsync("soak", bench.Scenarios.Mixed, settings.Callers, perSecond, WarmUp, time, NoteAsync, cancellationToken);
        var books = await bench.BooksAsync(cancellationToken);
        LoadRow[] rows =
        [
            .. minutes.Select((minute, i) => new LoadRow(minute.Measured with { Name = $"minute {i + 1}" }, $"MiB of the server's own memory, {minute.Handles} handles", Mebibytes(minute.AnonymousBytes))),
            Grown("p99", minute => minute.Measured.P99Ms),
            Grown("memory", minute => minute.AnonymousBytes),
            Grown("handles", minute => minute.Handles),
        ];
        return new LoadReport(settings.Cylinders, settings.Callers, time.TotalSeconds, 1, Environment.ProcessorCount, rows, books.Balance(settings.Callers), books.ToString());

        LoadRow Grown(string name, Func<Minute, double> figure) =>
            new(new Measurement($"{name} at last", "minutes", 0), "of the first minutes", Growth(minutes, figure), Aim.Most(GrowthMax));

        async Task NoteAsync(Measurement measured)
        {
            var now = await bench.Node.UsageAsync();
            var used = (now - before).CpuMicros / TimeProvider.System.GetElapsedTime(since).TotalMicroseconds;
            (before, since) = (now, TimeProvider.System.GetTimestamp());
            minutes.Add(new Minute(measured, now.AnonymousBytes, now.Handles));
            LoadBench.Say(
                $"{minutes.Count,6} {measured.PerSecond,10:N0} {measured.P50Ms,8:N2} {measured.P99Ms,8:N2} {measured.Errors,6} {Mebibytes(now.AnonymousBytes),9:N0} {now.Handles,7} {used,5:P0}");
        }
    }

    private static double Mebibytes(long bytes) => bytes / 1_048_576.0;

    private static double Growth(List<Minute> minutes, Func<Minute, double> figure) =>
        Median(minutes.TakeLast(MinutesCompared).Select(figure)) / Median(minutes.Take(MinutesCompared).Select(figure));

    private static double Median(IEnumerable<double> figures)
    {
        double[] ordered = [.. figures.Order()];
        return ordered[ordered.Length / 2];
    }

    private sealed record Minute(Measurement Measured, long AnonymousBytes, int Handles);
}
