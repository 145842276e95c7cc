namespace GasTrace.LoadTests.Scenarios;

/// <summary>What a caller does again and again.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="RunAsync">Does it once for a caller (0, 1, 2, …) and answers how many units that were.</param>
public sealed record LoadScenario(string Name, string Unit, Func<ICallMeter, int, CancellationToken, Task<int>> RunAsync);
