namespace GasTrace.LoadTests;

/// <summary>What is to be measured, and over what.</summary>
/// <param name="Cylinders">Registered cylinders.</param>
/// <param name="Stations">Stations.</param>
/// <param name="Callers">Callers at once.</param>
/// <param name="Window">Measured window of each loop.</param>
/// <param name="WarmUp">Before the first loop of each scenario; later ones need two seconds at most. Each goes on until little is compiled any more.</param>
/// <param name="Rounds">How often a scenario and its baseline are run in turn; the median counts.</param>
/// <param name="Nodes">Nodes that share an embedded store and a Redis, for that phase.</param>
/// <param name="Entries">Entries of the ledger, or a little more, before anything is measured; 0 for those of the register alone.</param>
/// <param name="Prepared">Folder in which prepared stores are kept, to be copied for each run; null to write them anew.</param>
internal sealed record LoadSettings(int Cylinders, int Stations, int Callers, TimeSpan Window, TimeSpan WarmUp, int Rounds, int Nodes, long Entries, string? Prepared)
{
    /// <summary>Guns of each station, so that each caller has one.</summary>
    public int GunsPerStation => Math.Max(1, Callers / Stations);
}
