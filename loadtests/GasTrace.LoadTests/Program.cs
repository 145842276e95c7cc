using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GasTrace.LoadTests;
using GasTrace.LoadTests.Node;
using GasTrace.LoadTests.Reporting;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] phases = [.. LoadRun.Phases.Select(phase => phase.Name)];
var scenario = new Option<string[]>("--scenario") { Description = string.Join(", ", phases) + "; all unless given.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => phases };
scenario.AcceptOnlyFromAmong(phases);
var cylinders = new Option<int>("--cylinders") { Description = "Registered cylinders, 100 or more.", DefaultValueFactory = _ => 1_000_000 };
cylinders.Validators.Add(result => Least(result, cylinders, 100));
var seconds = new Option<int>("--seconds") { Description = "Measured window of each loop, seconds.", DefaultValueFactory = _ => 10, Recursive = true };
var warmUp = new Option<int>("--warm-up") { Description = "Least seconds before the first loop of each scenario; it goes on until little is compiled any more.", DefaultValueFactory = _ => 10, Recursive = true };
var rounds = new Option<int>("--rounds") { Description = "How often a scenario and its baseline are run in turn; the median counts.", DefaultValueFactory = _ => 5, Recursive = true };
var callers = new Option<int>("--callers") { Description = "Callers at once.", DefaultValueFactory = _ => 256, Recursive = true };
var stations = new Option<int>("--stations") { Description = "Stations, each with a stream.", DefaultValueFactory = _ => 16, Recursive = true };
var nodes = new Option<int>("--nodes") { Description = "Nodes of the scenario of that name.", DefaultValueFactory = _ => 2 };
var prepared = new Option<DirectoryInfo?>("--prepared") { Description = "Folder in which prepared stores are kept, to be copied for each run.", Recursive = true };
var output = new Option<FileInfo?>("--out") { Description = "File for the results as JSON.", Recursive = true };
var chart = new Option<FileInfo?>("--chart") { Description = "File for the results as a picture (PNG).", Recursive = true };
foreach (var option in (Option<int>[])[seconds, warmUp, rounds, callers, stations, nodes])
{
    option.Validators.Add(result => Least(result, option, 1));
}

var root = new RootCommand("Load on a node of this machine, with its baselines in the same run.") { scenario, cylinders, seconds, warmUp, rounds, callers, stations, nodes, prepared, output, chart };
root.SetAction(async (result, stop) => await ReportAsync(await LoadRun.RunAsync(Settings(result), result.GetValue(scenario)!, stop), result, stop));

var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 30 };
var rate = new Option<double>("--rate") { Description = "Operations a second.", DefaultValueFactory = _ => 2_000 };
foreach (var option in (Option<double>[])[minutes, rate])
{
    option.Validators.Add(result => Least(result, option, 1));
}

var soak = new Command("soak", "The mixed city at a steady rate: memory, handles and latency have to stay what they were.") { cylinders, minutes, rate };
soak.SetAction(async (result, stop) =>
{
    var report = await SoakRun.RunAsync(Settings(result), TimeSpan.FromMinutes(result.GetValue(minutes)) + TimeSpan.FromSeconds(1), result.GetValue(rate), stop);
    return await ReportAsync(report, result, stop) == 0 && report.Rows.All(row => row.Reached != false) ? 0 : 1;
});
root.Subcommands.Add(soak);

var sizes = new Option<int[]>("--sizes") { Description = "Cylinders of each city, two sizes or more; each is held against the smallest.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10_000, 1_000_000, 10_000_000] };
sizes.Validators.Add(result => Growing(result, sizes, 100, "size"));
var entries = new Option<long[]>("--entries") { Description = "Entries of each ledger, two lengths or more, in place of cities: one of --cylinders fills until it has so many.", AllowMultipleArgumentsPerToken = true };
entries.Validators.Add(result => Growing(result, entries, 1, "length"));
var scale = new Command("scale", "The same load over cities of growing size, or over a ledger of growing length.") { sizes, entries, cylinders };
scale.Validators.Add(result =>
{
    if (result.GetResult(entries) is not null && result.GetResult(sizes) is { Implicit: false })
    {
        result.AddError("--sizes and --entries are two runs: give one of them.");
    }
});
scale.SetAction(async (result, stop) => await ReportAsync(
    result.GetValue(entries) is { Length: > 0 } lengths
        ? await ScaleRun.OverLedgersAsync(Settings(result), lengths, stop)
        : await ScaleRun.OverCitiesAsync(Settings(result), result.GetValue(sizes)!, stop), result, stop));
root.Subcommands.Add(scale);

var folder = new Argument<string>("folder");
var node = new Command(NodeCommand.Name, "The node under load; started by the others.") { folder };
node.Hidden = true;
node.SetAction((result, stop) => NodeCommand.RunAsync(result.GetValue(folder)!, stop));
root.Subcommands.Add(node);
return await root.Parse(args).InvokeAsync();

LoadSettings Settings(ParseResult result) => new(
    result.GetValue(cylinders), result.GetValue(stations), result.GetValue(callers), TimeSpan.FromSeconds(result.GetValue(seconds)), TimeSpan.FromSeconds(result.GetValue(warmUp)), result.GetValue(rounds), result.GetValue(nodes), 0, result.GetValue(prepared)?.FullName);

async Task<int> ReportAsync(LoadReport report, ParseResult result, CancellationToken cancellationToken)
{
    report.Print();
    if (result.GetValue(output) is { } file)
    {
        await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(report, LoadJson.Default.LoadReport), cancellationToken);
    }

    if (result.GetValue(chart) is { } picture)
    {
        LoadChart.Save(report, picture.FullName);
    }

    return report.BooksBalance ? 0 : 1;
}

static void Least<TNumber>(System.CommandLine.Parsing.OptionResult result, Option<TNumber> option, TNumber least)
    where TNumber : System.Numerics.INumber<TNumber>
{
    if (result.GetValue(option) is { } value && value < least)
    {
        result.AddError($"{option.Name} is {value}; it must be {least} or more.");
    }
}

static void Growing<TNumber>(System.CommandLine.Parsing.OptionResult result, Option<TNumber[]> option, TNumber least, string what)
    where TNumber : System.Numerics.INumber<TNumber>
{
    var values = result.GetValue(option) ?? [];
    foreach (var value in values.Where(value => value < least))
    {
        result.AddError($"{option.Name} has {value}; each must be {least} or more.");
    }

    if (values.Distinct().Count() < 2)
    {
        result.AddError($"{option.Name} has one {what}; it must have two or more.");
    }
}
