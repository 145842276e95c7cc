namespace GasTrace.LoadTests.Running;

/// <summary>What one loop reached.</summary>
/// <param name="Name">What was run.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="PerSecond">How many a second, in the measured window.</param>
/// <param name="P50Ms">Median latency, milliseconds; 0 where none is taken.</param>
/// <param name="P99Ms">99th percentile.</param>
/// <param name="P999Ms">99.9th percentile.</param>
/// <param name="Errors">Calls that failed.</param>
/// <param name="ServerCpuMicros">Processor time of the server for each unit, microseconds; 0 where none is taken.</param>
/// <param name="ServerBytes">Bytes that the server allocated for each unit.</param>
/// <param name="ServerPauseShare">Share of the window in which the server's collector stopped it.</param>
/// <param name="BatchUnits">Units committed together, on average; 0 where nothing is counted or committed.</param>
internal sealed record Measurement(
    string Name, string Unit, double PerSecond, double P50Ms = 0, double P99Ms = 0, double P999Ms = 0, long Errors = 0, double ServerCpuMicros = 0, double ServerBytes = 0, double ServerPauseShare = 0,
    double BatchUnits = 0);
