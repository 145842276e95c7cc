using HdrHistogram;

namespace GasTrace.LoadTests;

/// <summary>What one phase reached.</summary>
/// <param name="Name">The scenario or baseline.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="PerSecond">How many a second, in the measured window.</param>
/// <param name="P50Ms">Median latency, milliseconds; 0 where none is taken.</param>
/// <param name="P99Ms">99th percentile.</param>
/// <param name="P999Ms">99.9th percentile.</param>
/// <param name="Errors">Calls that failed.</param>
/// <param name="AllocatedBytes">Bytes allocated per unit, client and server together.</param>
internal sealed record Measurement(string Name, string Unit, double PerSecond, double P50Ms, double P99Ms, double P999Ms, long Errors, double AllocatedBytes = 0);

/// <summary>Starts calls at a fixed rate, whether or not earlier ones were answered, and counts latency from when a call was due.</summary>
internal static class OpenLoop
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs at a rate until the time is up.</summary>
    public static Task<Measurement> RunAsync(string name, string unit, double perSecond, TimeSpan warmUp, TimeSpan window, Func<int, CancellationToken, Task<int>> call) =>
        // A thread of its own that sleeps: the pool's timers come some milliseconds late, which would count as latency.
        Task.Factory.StartNew(
            () => Generate(name, unit, perSecond, warmUp, window, call), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private static async Task<Measurement> Generate(string name, string unit, double perSecond, TimeSpan warmUp, TimeSpan window, Func<int, CancellationToken, Task<int>> call)
    {
        var micros = new LongConcurrentHistogram(1, 120_000_000, 3);
        long errors = 0, started = 0, measured = 0;
        List<Task> running = [];
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) is var now && now < warmUp + window)
        {
            for (; started < now.TotalSeconds * perSecond; started++)
            {
                var due = TimeSpan.FromSeconds(started / perSecond);
                var caller = (int)(started % int.MaxValue);
                running.Add(Task.Run(() => CallAsync(caller, due)));
            }

            running.RemoveAll(task => task.IsCompleted);
#pragma warning disable RS0030 // A generator keeps real time: there is no condition to wait for.
            Thread.Sleep(Turn);
#pragma warning restore RS0030
        }

        await Task.WhenAll(running);
        return new Measurement(
            name, unit, measured / window.TotalSeconds, micros.GetValueAtPercentile(50) / 1_000.0, micros.GetValueAtPercentile(99) / 1_000.0, micros.GetValueAtPercentile(99.9) / 1_000.0, errors);

        async Task CallAsync(int caller, TimeSpan due)
        {
            try
            {
                await call(caller, CancellationToken.None);
                if (due > warmUp)
                {
                    Interlocked.Increment(ref measured);
                    micros.RecordValue(Math.Clamp((long)(TimeProvider.System.GetElapsedTime(began) - due).TotalMicroseconds, 1, 120_000_000));
                }
            }
            catch (Grpc.Core.RpcException)
            {
                Interlocked.Increment(ref errors);
            }
        }
    }
}

/// <summary>Runs a call in a closed loop from many callers and measures a window after a warm-up.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs callers until the time is up; a call answers how many units it did.</summary>
    public static async Task<Measurement> RunAsync(string name, string unit, int callers, TimeSpan warmUp, TimeSpan window, Func<int, CancellationToken, Task<int>> call)
    {
        using var stop = new CancellationTokenSource();
        var tallies = Enumerable.Range(0, callers).Select(_ => new CallerTally()).ToArray();
        var measuring = new StrongBox();
        var running = tallies.Select((tally, index) => CallAsync(index, tally, measuring, call, stop.Token)).ToArray();
        await Task.Delay(warmUp);
        measuring.On = true;
        var allocated = GC.GetTotalAllocatedBytes();
        var began = TimeProvider.System.GetTimestamp();
        await Task.Delay(window);
        measuring.On = false;
        var took = TimeProvider.System.GetElapsedTime(began);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        stop.Cancel();
        await Task.WhenAll(running);
        return Summarise(name, unit, took, allocated, tallies);
    }

    private static Measurement Summarise(string name, string unit, TimeSpan took, long allocated, CallerTally[] tallies)
    {
        var all = new LongHistogram(1, 120_000_000, 3);
        foreach (var tally in tallies)
        {
            all.Add(tally.Micros);
        }

        double At(double percentile) => all.TotalCount == 0 ? 0 : all.GetValueAtPercentile(percentile) / 1_000.0;
        return new Measurement(name, unit, tallies.Sum(tally => tally.Units) / took.TotalSeconds, At(50), At(99), At(99.9), tallies.Sum(tally => tally.Errors), (double)allocated / Math.Max(1, tallies.Sum(tally => tally.Units)));
    }

    private static async Task CallAsync(int index, CallerTally tally, StrongBox measuring, Func<int, CancellationToken, Task<int>> call, CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            try
            {
                var units = await call(index, stop);
                if (measuring.On)
                {
                    tally.Units += units;
                    tally.Micros.RecordValue(Math.Clamp((long)TimeProvider.System.GetElapsedTime(began).TotalMicroseconds, 1, 120_000_000));
                }
            }
            catch (Grpc.Core.RpcException) when (!stop.IsCancellationRequested)
            {
                tally.Errors++;
            }
            catch (Exception error) when (stop.IsCancellationRequested && error is Grpc.Core.RpcException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private sealed class CallerTally
    {
        public LongHistogram Micros { get; } = new(1, 120_000_000, 3);

        public long Units { get; set; }

        public long Errors { get; set; }
    }

    private sealed class StrongBox
    {
        private volatile bool on;

        public bool On
        {
            get => on;
            set => on = value;
        }
    }
}
