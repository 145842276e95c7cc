using GasTrace.LoadTests.Phases;
using GasTrace.LoadTests.Running;

namespace GasTrace.LoadTests;

/// <summary>
/// The mixed city at a steady rate for as long as one likes, with followers: memory, handles and latency have to stay what they
/// were in the first minutes.
/// </summary>
internal static class SoakRun
{
    private const double GrowthMax = 1.1;

    // One minute's figures are chance; the median of five is not.
    private const int MinutesCompared = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(LoadSettings settings, TimeSpan time, double perSecond, CancellationToken cancellationToken)
    {
        await using var bench = await LoadBench.StartAsync(settings, cancellationToken);
        await using var followers = new LiveFollowers(bench.Node.Addresses.Service, MixedPhase.Followers);
        List<Minute> minutes = [];
        Console.WriteLine($"{"minute",6} {"per second",10} {"p50 ms",8} {"p99 ms",8} {"errors",6} {"server MB",9} {"handles",7} {"CPU",5}");
        var (before, since) = (await bench.Node.UsageAsync(), TimeProvider.System.GetTimestamp());
        await OpenLoop.RunAsync("soak", bench.Scenarios.Mixed, settings.Callers, perSecond, WarmUp, time, NoteAsync, cancellationToken);
        var (memory, p99, handles) = (Growth(minutes, minute => minute.AnonymousBytes), Growth(minutes, minute => minute.P99Ms), Growth(minutes, minute => minute.Handles));
        var steady = Math.Max(memory, Math.Max(p99, handles)) <= GrowthMax;
        Console.WriteLine($"memory {memory:0.00}, p99 {p99:0.00}, handles {handles:0.00} of the first minutes: {(steady ? "steady" : "NOT STEADY")}");
        var books = await bench.BooksAsync(cancellationToken);
        var balance = books.Balance(settings.Callers);
        Console.WriteLine($"books: {books}: {(balance ? "balance" : "DO NOT BALANCE")}");
        return steady && balance ? 0 : 1;

        async Task NoteAsync(Measurement measured)
        {
            var now = await bench.Node.UsageAsync();
            var used = (now - before).CpuMicros / TimeProvider.System.GetElapsedTime(since).TotalMicroseconds;
            (before, since) = (now, TimeProvider.System.GetTimestamp());
            minutes.Add(new Minute(measured.P99Ms, now.AnonymousBytes, now.Handles));
            Console.WriteLine(
                $"{minutes.Count,6} {measured.PerSecond,10:N0} {measured.P50Ms,8:N2} {measured.P99Ms,8:N2} {measured.Errors,6} {now.AnonymousBytes / 1_048_576,9:N0} {now.Handles,7} {used,5:P0}");
        }
    }

    private static double Growth(List<Minute> minutes, Func<Minute, double> figure) =>
        Median(minutes.TakeLast(MinutesCompared).Select(figure)) / Median(minutes.Take(MinutesCompared).Select(figure));

    private static double Median(IEnumerable<double> figures)
    {
        double[] ordered = [.. figures.Order()];
        return ordered[ordered.Length / 2];
    }

    private sealed record Minute(double P99Ms, long AnonymousBytes, int Handles);
}
