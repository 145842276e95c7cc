using System.CommandLine;
using System.Globalization;
using GasTrace.LoadTests.NBomber;
using GasTrace.LoadTests.Scenarios;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var scenario = new Option<string[]>("--scenario") { Description = "health check, scan, given-up scan, cycle, station scan, station, mixed, history, search, entry.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["scan"] };
scenario.AcceptOnlyFromAmong("health check", "scan", "given-up scan", "cycle", "station scan", "station", "mixed", "history", "search", "entry");
var rate = new Option<int>("--rate") { Description = "Iterations a second, injected whether or not earlier ones have ended.", DefaultValueFactory = _ => 500 };
var ramp = new Option<int>("--ramp") { Description = "Seconds in which that rate is reached.", DefaultValueFactory = _ => 30 };
var seconds = new Option<int>("--seconds") { Description = "Seconds at that rate.", DefaultValueFactory = _ => 60 };
var p99 = new Option<double>("--p99") { Description = "Most milliseconds of the 99th percentile.", DefaultValueFactory = _ => 250 };
var cylinders = new Option<int>("--cylinders") { Description = "Registered cylinders, 100 or more.", DefaultValueFactory = _ => 100_000 };
var reports = new Option<string>("--reports") { Description = "Folder for the reports (TXT, CSV, HTML); what is in it is deleted first.", DefaultValueFactory = _ => "nbomber-reports" };
var root = new RootCommand("The load scenarios under NBomber 4.1.2. Exit code 0 only when every limit is kept.") { scenario, rate, ramp, seconds, p99, cylinders, reports };
root.SetAction((result, _) => RunAsync(result));
return await root.Parse(args).InvokeAsync();

async Task<int> RunAsync(ParseResult result)
{
    const int Stations = 16;
    const int GunsPerStation = 64;
    await using var city = await CityUnderTest.StartAsync(result.GetValue(cylinders), Stations, GunsPerStation);
    var chosen = city.Scenarios.All.Where(entry => result.GetValue(scenario)!.Contains(entry.Name)).ToList();
    var limits = new Limits(result.GetValue(rate), result.GetValue(seconds), result.GetValue(p99));
    NodeStats stats = NBomberRunner.RegisterScenarios([.. chosen.Select(entry => Hosted(entry, limits, result.GetValue(ramp)))])
        .WithTestSuite("gastrace")
        .WithTestName("city")
        .WithReportFolder(result.GetValue(reports)!)
        .WithReportFormats(ReportFormat.Txt, ReportFormat.Csv, ReportFormat.Html)
        .WithReportingInterval(TimeSpan.FromSeconds(5))
        .Run();
    string[] broken = [.. chosen.SelectMany(entry => limits.Broken(stats.GetScenarioStats(entry.Name)))];
    foreach (var line in broken)
    {
        Console.Error.WriteLine(line);
    }

    Console.WriteLine(broken.Length == 0 ? "All limits are kept." : $"{broken.Length} limits are broken.");
    return broken.Length == 0 ? 0 : 1;
}

// Each iteration is a caller of its own, so that guns are taken in turn.
static ScenarioProps Hosted(LoadScenario entry, Limits limits, int rampSeconds)
{
    var callers = -1;
    return Scenario.Create(entry.Name, async context =>
        {
            await entry.RunAsync(new StepMeter(context), Interlocked.Increment(ref callers) & int.MaxValue, CancellationToken.None);
            return Response.Ok();
        })
        .WithoutWarmUp()
        .WithLoadSimulations(
            Simulation.RampingInject(rate: limits.PerSecond, interval: TimeSpan.FromSeconds(1), during: TimeSpan.FromSeconds(rampSeconds)),
            Simulation.Inject(rate: limits.PerSecond, interval: TimeSpan.FromSeconds(1), during: TimeSpan.FromSeconds(limits.Seconds)));
}
