using GasTrace.LoadTests.Node;
using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;
using GasTrace.LoadTests.Scenarios;
using GasTrace.V1;

namespace GasTrace.LoadTests;

/// <summary>A city in a store, a node on it in a process of its own, and callers: what the phases run on.</summary>
internal sealed class LoadBench : IAsyncDisposable
{
    private static readonly TimeSpan LaterWarmUpMost = TimeSpan.FromSeconds(2);
    private readonly DirectoryInfo folder;
    private readonly HashSet<string> warm = [];
    private readonly long from;

    private LoadBench(LoadSettings settings, City city, DirectoryInfo folder, LoadNode node, TimeSpan starting, Callers callers, long from)
    {
        (Settings, City, this.folder, Node, Starting, Callers, this.from) = (settings, city, folder, node, starting, callers, from);
        Scenarios = new CityScenarios(city, callers);
    }

    public LoadSettings Settings { get; }

    public City City { get; }

    public string Folder => folder.FullName;

    public LoadNode Node { get; }

    /// <summary>How long the node took from the start of its process until it served.</summary>
    public TimeSpan Starting { get; }

    public Callers Callers { get; }

    public CityScenarios Scenarios { get; }

    public static async Task<LoadBench> StartAsync(LoadSettings settings, CancellationToken cancellationToken)
    {
        var city = new City(settings.Cylinders, settings.Stations, settings.GunsPerStation);
        var folder = Directory.CreateTempSubdirectory("gastrace-load-");
        try
        {
            await PreparedStore.CopyAsync(settings, city, folder.FullName, cancellationToken);
            var began = TimeProvider.System.GetTimestamp();
            var node = await LoadNode.StartAsync(folder.FullName, cancellationToken);
            var starting = TimeProvider.System.GetElapsedTime(began);
            Say($"Serving {starting.TotalSeconds:F2} s after the start of the process.");
            var callers = new Callers([node.Addresses.Service], settings.Stations);
            return new LoadBench(settings, city, folder, node, starting, callers, await callers.HeadAsync(cancellationToken));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public static void Say(string text) => Console.Error.WriteLine(text);

    private TimeSpan LaterWarmUp => Settings.WarmUp < LaterWarmUpMost ? Settings.WarmUp : LaterWarmUpMost;

    /// <summary>A closed loop of all callers.</summary>
    public Task<Measurement> LoopAsync(LoadScenario scenario, CancellationToken cancellationToken) => TidyAfterAsync(
        ClosedLoop.RunAsync(scenario, Settings.Callers, warm.Add(scenario.Name) ? Settings.WarmUp : LaterWarmUp, Settings.Window, Node, cancellationToken), cancellationToken);

    /// <summary>An open loop at a rate.</summary>
    public Task<Measurement> OpenAsync(string name, LoadScenario scenario, double perSecond, CancellationToken cancellationToken) => TidyAfterAsync(
        OpenLoop.RunAsync(name, scenario, Settings.Callers, perSecond, LaterWarmUp, Settings.Window, null, cancellationToken), cancellationToken);

    /// <summary>A scenario and its baseline in turn, so that both meet the same moods of the machine; the round of the median ratio.</summary>
    public async Task<(Measurement Measured, Measurement Baseline, double Ratio)> CompareAsync(
        Func<CancellationToken, Task<Measurement>> measure, Func<CancellationToken, Task<Measurement>> baseline, Func<Measurement, double> figure, CancellationToken cancellationToken)
    {
        List<(Measurement Measured, Measurement Baseline, double Ratio)> rounds = [];
        for (var round = 0; round < Settings.Rounds; round++)
        {
            var against = await baseline(cancellationToken);
            var measured = await measure(cancellationToken);
            rounds.Add((measured, against, figure(measured) / figure(against)));
        }

        return rounds.OrderBy(round => round.Ratio).ElementAt(rounds.Count / 2);
    }

    /// <summary>What was answered is what the ledger says.</summary>
    public Task<Books> BooksAsync(CancellationToken cancellationToken) => Books.ReadAsync(Callers, from, Scenarios, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Callers.DisposeAsync();
        await Node.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task<Measurement> TidyAfterAsync(Task<Measurement> loop, CancellationToken cancellationToken)
    {
        var measured = await loop;
        await Scenarios.GiveUpAsync(cancellationToken);
        return measured;
    }
}
