using System.Data;
using Dapper;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using Microsoft.Data.SqlClient;

namespace GasTrace.Ledger.SqlServer.Projections;

/// <summary>The typed tables, in the ledger's database: one procedure call per batch, which moves on from the position that the tables hold or does nothing.</summary>
/// <param name="options">How to reach the database; its schema is up to date once the ledger was opened.</param>
public sealed class SqlServerProjectionStore(SqlServerOptions options) : IProjectionStore
{
    private static readonly EmbeddedSql Sql = new(typeof(SqlServerProjectionStore).Assembly);
    private readonly SqlServerLink link = new(options);

    /// <inheritdoc />
    public Task<long> GetPositionAsync(CancellationToken cancellationToken) => link.UseAsync(
        (connection, cancelled) => connection.ExecuteScalarAsync<long>(Command("select_position", null, cancelled)), cancellationToken);

    /// <summary>The procedure reads its rows with one pass over the text for each table: small batches keep that short.</summary>
    public int BatchEntriesMax => 2_000;

    /// <inheritdoc />
    public async Task<bool> ApplyAsync(ProjectedBatch batch, CancellationToken cancellationToken)
    {
        // Done twice it does nothing: so a reply that was lost is tried again, and the position tells.
        var applied = await link.UseAsync(async (connection, cancelled) =>
        {
            await using var command = new SqlCommand("dbo.apply_projection", connection) { CommandType = CommandType.StoredProcedure, CommandTimeout = link.CommandTimeoutSeconds };
            command.Parameters.Add("@from", SqlDbType.BigInt).Value = batch.From;
            command.Parameters.Add("@next", SqlDbType.BigInt).Value = batch.Next;
            command.Parameters.Add("@batch", SqlDbType.NVarChar, -1).Value = BatchJson.Of(batch);
            return (int)(await command.ExecuteScalarAsync(cancelled))! == 1;
        }, cancellationToken);
        return applied || await GetPositionAsync(cancellationToken) == batch.Next;
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> SearchAsync(EntryQuery query, long from, long below, int limit, CancellationToken cancellationToken)
    {
        var file = query switch
        {
            { FindingCode.Length: > 0 } => "search_finding",
            { CylinderId.Length: > 0 } => "search_cylinder",
            { StationId.Length: > 0 } => "search_station",
            _ => "search_entries",
        };
        return List<long>(file, new
        {
            query.Kind,
            query.RegionPrefix,
            query.StationId,
            query.CylinderId,
            query.FindingCode,
            query.FromMicros,
            query.UntilMicros,
            From = from,
            Below = below,
            Limit = limit,
        }, cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> HistoryAsync(string cylinderId, long from, int limit, CancellationToken cancellationToken) =>
        List<long>("history", new { CylinderId = cylinderId, From = from, Limit = limit }, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StationDayCounts>> CountAsync(StationDayQuery query, int limit, CancellationToken cancellationToken) => List<StationDayCounts>(
        "count_days", new { query.RegionPrefix, query.StationId, query.FromDay, query.UntilDay, query.AfterStation, query.AfterDay, Limit = limit }, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<(string StationId, string Day, string Code, long Count)>> CountReasonsAsync(
        StationDayQuery query, string throughStation, string throughDay, CancellationToken cancellationToken) => List<(string, string, string, long)>(
        "count_reasons",
        new { query.RegionPrefix, query.StationId, query.FromDay, query.UntilDay, query.AfterStation, query.AfterDay, ThroughStation = throughStation, ThroughDay = throughDay },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListCylindersAsync(CylinderQuery query, string afterId, string throughId, int limit, CancellationToken cancellationToken) =>
        List<string>(
            query.UnitId.Length > 0 ? "list_cylinders_of_unit" : "list_cylinders",
            new { query.UnitId, query.Maker, query.Model, AfterId = afterId, ThroughId = throughId, Limit = limit }, cancellationToken);

    /// <inheritdoc />
    public async Task<string?> SkipCylindersAsync(string unitId, string afterId, int cylinders, CancellationToken cancellationToken) =>
        await List<string>(
            unitId.Length > 0 ? "skip_cylinders_of_unit" : "skip_cylinders",
            new { UnitId = unitId, AfterId = afterId, Cylinders = cylinders }, cancellationToken) is [var found] ? found : null;

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListStationsAsync(string regionPrefix, string afterId, int limit, CancellationToken cancellationToken) =>
        List<string>("list_stations", new { RegionPrefix = regionPrefix, AfterId = afterId, Limit = limit }, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> FindLapsedPermitsAsync(long nowUnixSeconds, int limit, CancellationToken cancellationToken) =>
        List<string>("lapsed_permits", new { NowUnixSeconds = nowUnixSeconds, Limit = limit }, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<IReadOnlyList<TRow>> List<TRow>(string file, object parameters, CancellationToken cancellationToken) => link.UseAsync(
        async (connection, cancelled) => (IReadOnlyList<TRow>)[.. await connection.QueryAsync<TRow>(Command(file, parameters, cancelled))], cancellationToken);

    private CommandDefinition Command(string file, object? parameters, CancellationToken cancellationToken) =>
        new(Sql.Of("Projections.Sql." + file), parameters, commandTimeout: link.CommandTimeoutSeconds, cancellationToken: cancellationToken);
}
