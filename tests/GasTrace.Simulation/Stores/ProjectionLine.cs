using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;

namespace GasTrace.Simulation.Stores;

/// <summary>The typed tables as a node has them: over its line.</summary>
internal sealed class ProjectionLine(Database database, Line line) : IProjectionStore
{
    private IProjectionStore Tables => database.Projections;

    public Task<long> GetPositionAsync(CancellationToken cancellationToken) => CallAsync(() => Tables.GetPositionAsync(default), cancellationToken);

    public int BatchEntriesMax => Tables.BatchEntriesMax;

    public Task<bool> ApplyAsync(ProjectedBatch batch, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.ApplyAsync(batch, default), cancellationToken);

    public Task<IReadOnlyList<long>> SearchAsync(EntryQuery query, long from, long below, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.SearchAsync(query, from, below, limit, default), cancellationToken);

    public Task<IReadOnlyList<long>> HistoryAsync(string cylinderId, long from, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.HistoryAsync(cylinderId, from, limit, default), cancellationToken);

    public Task<IReadOnlyList<StationDayCounts>> CountAsync(StationDayQuery query, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.CountAsync(query, limit, default), cancellationToken);

    public Task<IReadOnlyList<(string StationId, string Day, string Code, long Count)>> CountReasonsAsync(
        StationDayQuery query, string throughStation, string throughDay, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.CountReasonsAsync(query, throughStation, throughDay, default), cancellationToken);

    public Task<IReadOnlyList<string>> ListCylindersAsync(CylinderQuery query, string afterId, string throughId, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.ListCylindersAsync(query, afterId, throughId, limit, default), cancellationToken);

    public Task<string?> SkipCylindersAsync(string unitId, string afterId, int cylinders, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.SkipCylindersAsync(unitId, afterId, cylinders, default), cancellationToken);

    public Task<IReadOnlyList<string>> ListStationsAsync(string regionPrefix, string afterId, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.ListStationsAsync(regionPrefix, afterId, limit, default), cancellationToken);

    public Task<IReadOnlyList<string>> FindLapsedPermitsAsync(long nowUnixSeconds, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => Tables.FindLapsedPermitsAsync(nowUnixSeconds, limit, default), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<TAnswer> CallAsync<TAnswer>(Func<Task<TAnswer>> act, CancellationToken cancellationToken) =>
        database.CallAsync(line, writes: false, () => act().GetAwaiter().GetResult(), cancellationToken);
}
