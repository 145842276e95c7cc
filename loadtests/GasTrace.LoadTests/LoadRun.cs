using GasTrace.LoadTests.Phases;
using GasTrace.LoadTests.Reporting;

namespace GasTrace.LoadTests;

/// <summary>One run: a city, a node on it, the phases one after the other, the books.</summary>
internal static class LoadRun
{
    /// <summary>All phases, in the order in which they run. The recall comes last: its cylinders stay recalled.</summary>
    public static IReadOnlyList<ILoadPhase> Phases { get; } =
        [new ScanPhase(), new StationPhase(), new CyclePhase(), new MixedPhase(), new FollowPhase(), new ImportPhase(), new MorningPhase(), new NodesPhase(), new RecallPhase()];

    public static async Task<LoadReport> RunAsync(LoadSettings settings, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        await using var bench = await LoadBench.StartAsync(settings, cancellationToken);
        List<LoadRow> rows = [];
        foreach (var phase in Phases.Where(phase => names.Contains(phase.Name)))
        {
            LoadBench.Say(phase.Name + " …");
            rows.AddRange(await phase.RunAsync(bench, cancellationToken));
        }

        LoadBench.Say("books …");
        var books = await bench.BooksAsync(cancellationToken);
        return new LoadReport(
            settings.Cylinders, settings.Callers, settings.Window.TotalSeconds, settings.Rounds, Environment.ProcessorCount, rows,
            books.Balance(settings.Callers), books.ToString());
    }
}
