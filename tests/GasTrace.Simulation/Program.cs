using System.CommandLine;
using System.Globalization;
using GasTrace.Simulation;

var seed = new Option<ulong?>("--seed") { Description = "The seed to run, or the first of a sweep. Without it one is drawn." };
var steps = new Option<long>("--steps") { Description = "Operations before the weather clears.", DefaultValueFactory = _ => 20_000 };
var minutes = new Option<double>("--minutes") { Description = "Sweeps seed after seed for so long, on every processor." };
var operations = new Option<long>("--operations") { Description = "Sweeps until so many operations were run." };
var threads = new Option<int>("--threads") { Description = "Seeds that a sweep runs at once.", DefaultValueFactory = _ => Environment.ProcessorCount };
var fault = new Option<SimulatedFault>("--fault") { Description = "A fault to plant, to see it found." };
var history = new Option<FileInfo?>("--history") { Description = "Where to write the whole history of a seed." };
var root = new RootCommand("Runs the core of GasTrace in a world that breaks on purpose. The same seed does the same, to the byte. Exits with 1 when a promise was broken.")
{
    seed, steps, minutes, operations, threads, fault, history,
};
root.SetAction(parsed =>
{
    var first = parsed.GetValue(seed) ?? (ulong)Random.Shared.NextInt64(1, 1_000_000_000);
    var sweeps = parsed.GetValue(minutes) > 0 || parsed.GetValue(operations) > 0;
    var broken = sweeps
        ? new Sweep(first, parsed.GetValue(steps), parsed.GetValue(fault), Console.Out).Run(
            parsed.GetValue(threads), parsed.GetValue(minutes) > 0 ? TimeSpan.FromMinutes(parsed.GetValue(minutes)) : null, parsed.GetValue(operations))
        : RunOne(first, parsed.GetValue(steps), parsed.GetValue(fault), parsed.GetValue(history));
    if (broken is null)
    {
        return 0;
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nSeed {broken.Seed} broke a promise after {broken.Operations} operations and {broken.Elapsed} of virtual time:\n\n{broken.Broken}\n"));
    Console.WriteLine("The last of its history (virtual seconds, who, what):\n" + string.Join('\n', broken.Tail));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nAgain: dotnet run -c Release --project tests/GasTrace.Simulation -- --seed {broken.Seed} --steps {parsed.GetValue(steps)}"));
    return 1;
});
return root.Parse(args).Invoke();

static RunResult? RunOne(ulong seed, long steps, SimulatedFault fault, FileInfo? history)
{
    using var file = history?.CreateText();
    var result = Run.Do(seed, steps, fault, file);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"seed {result.Seed}: {result.Operations} operations, {result.Entries} entries, {result.SchedulerSteps} scheduler steps, {result.Elapsed} virtual, history {result.Digest:x16}"));
    return result.Broken is null ? null : result;
}
