using System.Diagnostics;
using System.Globalization;

namespace GasTrace.Simulation;

/// <summary>Seed after seed, some at once, until the time is up, enough was done, or a promise is broken.</summary>
internal sealed class Sweep(ulong firstSeed, long steps, SimulatedFault fault, TextWriter output)
{
    private static readonly TimeSpan Progress = TimeSpan.FromSeconds(15);
    private readonly Lock gate = new();
    private ulong begun;
    private RunResult? broken;

    /// <summary>Operations of all seeds.</summary>
    public long Operations { get; private set; }

    /// <summary>Seeds that were run to their end.</summary>
    public int Seeds { get; private set; }

    /// <summary>Sweeps; answers the run that broke a promise, or null.</summary>
    /// <param name="threads">Seeds at once; each has a thread of its own.</param>
    /// <param name="duration">When to begin no more seeds; null for never.</param>
    /// <param name="operations">After how many operations to begin no more seeds; 0 for never.</param>
    public RunResult? Run(int threads, TimeSpan? duration, long operations)
    {
        var watch = Stopwatch.StartNew();
        var said = TimeSpan.Zero;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        Say();
        return broken;

        void Work()
        {
            while (true)
            {
                ulong seed;
                lock (gate)
                {
                    if (broken is not null || watch.Elapsed > duration || (operations > 0 && Operations >= operations))
                    {
                        return;
                    }

                    seed = firstSeed + begun++;
                }

                var result = Simulation.Run.Do(seed, steps, fault);
                lock (gate)
                {
                    Operations += result.Operations;
                    Seeds++;
                    broken ??= result.Broken is null ? null : result;
                    if (watch.Elapsed - said > Progress)
                    {
                        said = watch.Elapsed;
                        Say();
                    }
                }
            }
        }

        void Say() => output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{watch.Elapsed:hh\\:mm\\:ss} {Seeds} seeds from {firstSeed}, {Operations} operations, {Operations / watch.Elapsed.TotalMinutes:F0} a minute"));
    }
}
