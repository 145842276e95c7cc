using Dapper;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>
/// The typed tables of the embedded store, in a database of their own: they are written without waiting for the disk at each
/// commit, since the ledger can always make them again.
/// </summary>
public sealed class SqliteProjectionStore : IProjectionStore
{
    private const int FullBatch = 16_000;
    private readonly SqliteOptions options;
    private readonly SqliteConnection writer;
    private readonly ProjectionStatements sql;
    private readonly HistoryRuns history;
    private readonly HistoryLookup lookup;
    private readonly WorkPace pace;
    private readonly IdleReaders<SqliteConnection> idleReaders = new();
    private readonly BatchPace batchPace = new(FullBatch);

    private SqliteProjectionStore(SqliteOptions options, SqliteConnection writer)
    {
        this.options = options;
        this.writer = writer;
        sql = new ProjectionStatements(writer);
        var window = new HistoryWindow();
        history = new HistoryRuns(sql, window, options.HistoryRunEntries);
        lookup = new HistoryLookup(window);
        pace = new WorkPace(writer);
        history.Know(InTransaction);
    }

    /// <summary>Opens the projections of a folder, creating them when absent. The ledger of the folder must be open in this process.</summary>
    /// <exception cref="StoreStartException">Damaged, of another kind, or newer.</exception>
    public static SqliteProjectionStore Open(SqliteOptions options) => DataFolder.Guard(options.ProjectionsPath, () =>
    {
        var tables = options.WithSmallPages with { WriterCacheMib = 64 };
        SqliteMigrations.Run(options.ProjectionsPath, "Projections", tables);
        return new SqliteProjectionStore(options, SqliteConnections.OpenWriter(options.ProjectionsPath, tables, fullySynchronous: false));
    });

    /// <summary>Deletes the projections of a folder, so that they are made again from position 0.</summary>
    public static void Delete(SqliteOptions options)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(options.ProjectionsPath + suffix);
        }
    }

    /// <inheritdoc />
    public Task<long> GetPositionAsync(CancellationToken cancellationToken) => Query(connection =>
        connection.ExecuteScalarAsync<long>(Command("select_position", null, cancellationToken)));

    /// <inheritdoc />
    public int BatchEntriesMax => FullBatch;

    /// <inheritdoc />
    public Task<bool> ApplyAsync(ProjectedBatch batch, CancellationToken cancellationToken) =>
        // A long transaction that waits for the disk: on a thread of its own, so that requests keep the pool's few.
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<bool>(cancellationToken) : BackgroundThread.RunAsync("projector", () => Apply(batch, cancellationToken));

    private bool Apply(ProjectedBatch batch, CancellationToken hurry)
    {
        pace.Set(batchPace.RestPerWork(batch.Count), hurry.WaitHandle);
        var began = TimeProvider.System.GetTimestamp();
        var written = false;
        try
        {
            history.Know(InTransaction);
            using var transaction = writer.BeginTransaction();
            if (sql["update_position"].Bind(1, batch.Next).Bind(2, batch.From).Run() == 0)
            {
                return false;
            }

            BatchRows.Write(sql, batch);
            history.Write(batch);
            transaction.Commit();
            history.Committed();
            written = true;
            batchPace.Learn(batch.Count, TimeProvider.System.GetElapsedTime(began) - pace.Rested);
            return true;
        }
        catch (SqliteException error)
        {
            throw new StoreUnavailableException($"The projections could not be written: {error.Message}", error);
        }
        finally
        {
            if (!written)
            {
                history.Forget();
            }
        }
    }

    private void InTransaction(Action write)
    {
        using var transaction = writer.BeginTransaction();
        write();
        transaction.Commit();
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> SearchAsync(EntryQuery query, long from, long below, int limit, CancellationToken cancellationToken)
    {
        CommandDefinition Ask(string file, string positions, int most) => Command(file, new
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
            Positions = positions,
            Limit = most,
        }, cancellationToken);

        var file = query switch
        {
            { FindingCode.Length: > 0 } => "search_finding",
            { CylinderId.Length: > 0 } => "search_cylinder",
            { StationId.Length: > 0 } => "search_station",
            _ => "search_entries",
        };
        return Query(async connection => file == "search_cylinder"
            ? await lookup.FindAsync(connection, query.CylinderId, from, below, newestFirst: true, limit, (positions, most) => Ask(file, positions, most))
            : (IReadOnlyList<long>)[.. await connection.QueryAsync<long>(Ask(file, string.Empty, limit))]);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> HistoryAsync(string cylinderId, long from, int limit, CancellationToken cancellationToken) => Query(connection => lookup.FindAsync(
        connection, cylinderId, from, long.MaxValue, newestFirst: false, limit,
        (positions, most) => Command("history", new { CylinderId = cylinderId, Positions = positions, Limit = most }, cancellationToken)));

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
    public ValueTask DisposeAsync()
    {
        idleReaders.Dispose();
        sql.Dispose();
        writer.Dispose();
        return ValueTask.CompletedTask;
    }

    private static CommandDefinition Command(string file, object? parameters, CancellationToken cancellationToken) =>
        new(SqlText.Of("Projections.Sql." + file), parameters, cancellationToken: cancellationToken);

    private Task<IReadOnlyList<TRow>> List<TRow>(string file, object parameters, CancellationToken cancellationToken) => Query(async connection =>
        (IReadOnlyList<TRow>)[.. await connection.QueryAsync<TRow>(Command(file, parameters, cancellationToken))]);

    private async Task<TResult> Query<TResult>(Func<SqliteConnection, Task<TResult>> query)
    {
        try
        {
            var connection = idleReaders.TryTake(out var idle) ? idle : SqliteConnections.OpenReader(options.ProjectionsPath, options);
            try
            {
                var result = await query(connection);
                idleReaders.Keep(connection);
                return result;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (SqliteException error)
        {
            throw new StoreUnavailableException($"The projections could not be read: {error.Message}", error);
        }
    }
}
