using System.CommandLine;
using System.Text.Json;
using GasTrace.LoadTests;

var scenario = new Option<string[]>("--scenario") { Description = "scan, cycle, station, follow; all unless given.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["scan", "cycle", "station", "follow"] };
scenario.AcceptOnlyFromAmong("scan", "cycle", "station", "follow");
var cylinders = new Option<int>("--cylinders") { Description = "Registered cylinders.", DefaultValueFactory = _ => 1_000_000 };
var seconds = new Option<int>("--seconds") { Description = "Measured window of each phase.", DefaultValueFactory = _ => 10 };
var callers = new Option<int>("--callers") { Description = "Callers at once.", DefaultValueFactory = _ => 256 };
var stations = new Option<int>("--stations") { Description = "Stations.", DefaultValueFactory = _ => 16 };
var nodes = new Option<int>("--nodes") { Description = "Then as many nodes on a shared store in memory with a Redis, for the scan; 0 for none.", DefaultValueFactory = _ => 0 };
var prepared = new Option<DirectoryInfo?>("--prepared") { Description = "Folder in which prepared stores are kept, to be copied for each run." };
var output = new Option<FileInfo?>("--out") { Description = "File for the results as JSON." };
var root = new RootCommand("Load on one node of this machine, with its baselines in the same run.") { scenario, cylinders, seconds, callers, stations, nodes, prepared, output };
root.SetAction(async (result, cancellationToken) =>
{
    var run = new LoadRun(new LoadSettings(
        result.GetValue(scenario)!, result.GetValue(cylinders), TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(callers), result.GetValue(stations), result.GetValue(nodes), result.GetValue(prepared)?.FullName));
    var report = await run.RunAsync(cancellationToken);
    report.Print();
    if (result.GetValue(output) is { } file)
    {
        await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(report, LoadJson.Default.LoadReport), cancellationToken);
    }

    return report.BooksBalance ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
