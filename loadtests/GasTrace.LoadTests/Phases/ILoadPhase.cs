using GasTrace.LoadTests.Reporting;

namespace GasTrace.LoadTests.Phases;

/// <summary>A scenario as it is measured: what is run, against what, and what it has to reach.</summary>
internal interface ILoadPhase
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Runs it.</summary>
    Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken);
}
