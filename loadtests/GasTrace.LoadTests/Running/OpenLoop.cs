using System.Threading.Channels;
using GasTrace.LoadTests.Scenarios;
using HdrHistogram;

namespace GasTrace.LoadTests.Running;

/// <summary>Starts calls at a fixed rate, whether or not earlier ones were answered, and counts latency from when a call was due.</summary>
internal static class OpenLoop
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs at a rate until the time is up.</summary>
    /// <param name="name">Under which it is reported.</param>
    /// <param name="scenario">What is run.</param>
    /// <param name="callers">Callers, of whom one is free when it was answered: a call that is due waits for one, and its latency counts that.</param>
    /// <param name="perSecond">How often a second.</param>
    /// <param name="warmUp">Time before anything is counted.</param>
    /// <param name="window">Time that is counted.</param>
    /// <param name="minute">Told of every full minute of the window; null when nobody asks.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static Task<Measurement> RunAsync(
        string name, LoadScenario scenario, int callers, double perSecond, TimeSpan warmUp, TimeSpan window, Func<Measurement, Task>? minute, CancellationToken cancellationToken) =>
        // A thread of its own that sleeps: the pool's timers come some milliseconds late, which would count as latency.
        Task.Factory.StartNew(
            () => new Generator(name, scenario, callers, perSecond, warmUp).RunAsync(window, minute, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private sealed class Generator(string name, LoadScenario scenario, int callers, double perSecond, TimeSpan warmUp)
    {
        private readonly LongConcurrentHistogram all = new(1, Latency.MicrosMax, 3);
        private readonly long began = TimeProvider.System.GetTimestamp();
        private readonly Failures failures = new();
        private readonly Channel<int> free = Channel.CreateBounded<int>(callers);
        private LongConcurrentHistogram recent = new(1, Latency.MicrosMax, 3);

        public async Task<Measurement> RunAsync(TimeSpan window, Func<Measurement, Task>? minute, CancellationToken cancellationToken)
        {
            for (var caller = 0; caller < callers; caller++)
            {
                free.Writer.TryWrite(caller);
            }

            long started = 0;
            var minutes = 1;
            List<Task> running = [];
            while (TimeProvider.System.GetElapsedTime(began) is var now && now < warmUp + window)
            {
                for (; started < now.TotalSeconds * perSecond; started++)
                {
                    var due = TimeSpan.FromSeconds(started / perSecond);
                    running.Add(Task.Run(() => CallAsync(due, cancellationToken), cancellationToken));
                }

                running.RemoveAll(task => task.IsCompleted);
                if (minute is not null && now > warmUp + TimeSpan.FromMinutes(minutes))
                {
                    minutes++;
                    var past = Interlocked.Exchange(ref recent, new LongConcurrentHistogram(1, Latency.MicrosMax, 3));
                    await minute(Summarise(past, TimeSpan.FromMinutes(1)));
                }

#pragma warning disable RS0030 // A generator keeps real time: there is no condition to wait for.
                Thread.Sleep(Turn);
#pragma warning restore RS0030
                cancellationToken.ThrowIfCancellationRequested();
            }

            await Task.WhenAll(running);
            failures.Say(name);
            return Summarise(all, window);
        }

        private Measurement Summarise(LongConcurrentHistogram micros, TimeSpan time) =>
            new(name, scenario.Unit, micros.TotalCount / time.TotalSeconds, micros.Millis(50), micros.Millis(99), micros.Millis(99.9), failures.Count);

        private async Task CallAsync(TimeSpan due, CancellationToken cancellationToken)
        {
            var caller = await free.Reader.ReadAsync(cancellationToken);
            try
            {
                await scenario.RunAsync(NoMeter.Instance, caller, cancellationToken);
                if (due > warmUp)
                {
                    var latency = TimeProvider.System.GetElapsedTime(began) - due;
                    all.Record(latency);
                    Volatile.Read(ref recent).Record(latency);
                }
            }
            catch (Grpc.Core.RpcException error)
            {
                failures.Add(error);
            }
            finally
            {
                free.Writer.TryWrite(caller);
            }
        }
    }
}
