using GasTrace.LoadTests.Node;
using GasTrace.LoadTests.Scenarios;
using HdrHistogram;

namespace GasTrace.LoadTests.Running;

/// <summary>Callers that ask again as soon as they are answered: what the service can do at most.</summary>
internal static class ClosedLoop
{
    private static readonly TimeSpan SettlingStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndingMost = TimeSpan.FromSeconds(30);
    private const int SettlingStepsMax = 30;
    private const double SettledCompileMicros = 20_000;

    /// <summary>
    /// Runs callers until the time is up and measures a window after a warm-up; this process, and the node's where one is given, must
    /// also have as good as ended compiling, for which they may take half a minute more. What was begun is ended: a fill that was cut
    /// off would leave its gun busy, and its caller refused in the loops that follow.
    /// </summary>
    public static async Task<Measurement> RunAsync(LoadScenario scenario, int callers, TimeSpan warmUp, TimeSpan window, LoadNode? node, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = new Watch();
        var failures = new Failures();
        var tallies = Enumerable.Range(0, callers).Select(_ => new CallerTally()).ToArray();
        var running = tallies.Select((tally, caller) => CallAsync(scenario, caller, tally, failures, watch, stop.Token, abandon.Token)).ToArray();
        await Task.Delay(warmUp, cancellationToken);
        await SettleAsync(node, cancellationToken);
        var before = node is null ? null : await node.UsageAsync();
        watch.Start();
        await Task.Delay(window, cancellationToken);
        var took = watch.Stop();
        var after = node is null ? null : await node.UsageAsync();
        stop.Cancel();
        abandon.CancelAfter(EndingMost);
        await Task.WhenAll(running);
        failures.Say(scenario.Name);
        return Summarise(scenario, took, tallies, failures, before is null || after is null ? null : after - before);
    }

    private static async Task SettleAsync(LoadNode? node, CancellationToken cancellationToken)
    {
        var before = await UsagesAsync();
        for (var step = 0; step < SettlingStepsMax; step++)
        {
            await Task.Delay(SettlingStep, cancellationToken);
            var after = await UsagesAsync();
            if (after.Zip(before, (later, earlier) => (later - earlier).CompileMicros).Max() < SettledCompileMicros)
            {
                return;
            }

            before = after;
        }

        async Task<NodeUsage[]> UsagesAsync() => node is null ? [NodeUsage.OfThisProcess()] : [NodeUsage.OfThisProcess(), await node.UsageAsync()];
    }

    private static Measurement Summarise(LoadScenario scenario, TimeSpan took, CallerTally[] tallies, Failures failures, NodeUsage? used)
    {
        var all = new LongHistogram(1, Latency.MicrosMax, 3);
        foreach (var tally in tallies)
        {
            all.Add(tally.Micros);
        }

        var units = tallies.Sum(tally => tally.Units);
        var each = Math.Max(1.0, units);
        return new Measurement(
            scenario.Name, scenario.Unit, units / took.TotalSeconds, all.Millis(50), all.Millis(99), all.Millis(99.9), failures.Count,
            (used?.CpuMicros ?? 0) / each, (used?.AllocatedBytes ?? 0) / each, (used?.PauseMicros ?? 0) / took.TotalMicroseconds,
            (used?.Units ?? 0) / Math.Max(1.0, used?.Batches ?? 0));
    }

    private static async Task CallAsync(LoadScenario scenario, int caller, CallerTally tally, Failures failures, Watch watch, CancellationToken stop, CancellationToken abandon)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            try
            {
                var units = await scenario.RunAsync(NoMeter.Instance, caller, abandon);
                if (watch.Runs)
                {
                    tally.Units += units;
                    tally.Micros.Record(TimeProvider.System.GetElapsedTime(began));
                }
            }
            catch (Exception error) when (abandon.IsCancellationRequested && error is Grpc.Core.RpcException or OperationCanceledException)
            {
                return;
            }
            catch (Grpc.Core.RpcException error)
            {
                failures.Add(error);
            }
        }
    }

    private sealed class CallerTally
    {
        public LongHistogram Micros { get; } = new(1, Latency.MicrosMax, 3);

        public long Units { get; set; }
    }

    private sealed class Watch
    {
        private volatile bool runs;
        private long began;

        public bool Runs => runs;

        public void Start()
        {
            began = TimeProvider.System.GetTimestamp();
            runs = true;
        }

        public TimeSpan Stop()
        {
            runs = false;
            return TimeProvider.System.GetElapsedTime(began);
        }
    }
}
