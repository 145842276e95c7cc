using GasTrace.LoadTests.Reporting;
using GasTrace.LoadTests.Running;

namespace GasTrace.LoadTests.Phases;

/// <summary>A believable city with twenty followers: as fast as it goes, then at half of that.</summary>
internal sealed class MixedPhase : ILoadPhase
{
    public const int Followers = 20;

    public string Name => "mixed";

    public async Task<IReadOnlyList<LoadRow>> RunAsync(LoadBench bench, CancellationToken cancellationToken)
    {
        var (mixed, delivered) = await FollowedAsync(bench, () => bench.LoopAsync(bench.Scenarios.Mixed, cancellationToken));
        var (half, deliveredThen) = await FollowedAsync(bench, () => bench.OpenAsync("mixed, at half its rate", bench.Scenarios.Mixed, mixed.PerSecond / 2, cancellationToken));
        return [new LoadRow(mixed), new LoadRow(delivered), new LoadRow(half), new LoadRow(deliveredThen with { Name = delivered.Name + ", then" })];
    }

    private static async Task<(Measurement Load, Measurement Delivered)> FollowedAsync(LoadBench bench, Func<Task<Measurement>> run)
    {
        await using var followers = new LiveFollowers(bench.Node.Addresses.Service, Followers);
        var load = await run();
        return (load, followers.Measure());
    }
}
