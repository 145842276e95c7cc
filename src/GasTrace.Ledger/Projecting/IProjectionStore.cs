using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Projecting;

/// <summary>What a search looks for; empty and null mean any.</summary>
/// <param name="Kind">Kind of entry: number of the field in the event's body; 0 for any.</param>
/// <param name="RegionPrefix">Region or its first digits.</param>
/// <param name="StationId">Station.</param>
/// <param name="CylinderId">Cylinder.</param>
/// <param name="FindingCode">Refusal or violation.</param>
/// <param name="FromMicros">Recorded at or after, microseconds since 1970.</param>
/// <param name="UntilMicros">Recorded before, microseconds since 1970.</param>
public sealed record EntryQuery(
    int Kind, string RegionPrefix, string StationId, string CylinderId, string FindingCode, long? FromMicros, long? UntilMicros);

/// <summary>Which cylinders are wanted; empty means any.</summary>
/// <param name="UnitId">Unit that holds the use registration.</param>
/// <param name="Maker">Maker.</param>
/// <param name="Model">Model.</param>
public sealed record CylinderQuery(string UnitId, string Maker, string Model);

/// <summary>Which days of which stations are wanted; empty means any.</summary>
/// <param name="RegionPrefix">Region or its first digits.</param>
/// <param name="StationId">Station.</param>
/// <param name="FromDay">First day, ISO 8601.</param>
/// <param name="UntilDay">Last day.</param>
/// <param name="AfterStation">Only what comes behind this station's <paramref name="AfterDay"/>, in the order of stations and their days.</param>
/// <param name="AfterDay">See <paramref name="AfterStation"/>.</param>
public sealed record StationDayQuery(string RegionPrefix, string StationId, string FromDay, string UntilDay, string AfterStation = "", string AfterDay = "");

/// <summary>What happened at a station on a day.</summary>
/// <param name="StationId">Station.</param>
/// <param name="Region">Its region.</param>
/// <param name="Day">Day in the stations' time zone, ISO 8601.</param>
/// <param name="Permits">Permits issued.</param>
/// <param name="Refusals">Scans refused.</param>
/// <param name="Completed">Fills that used up a permit.</param>
/// <param name="Aborted">Permits given up or revoked.</param>
/// <param name="Expired">Permits expired.</param>
/// <param name="Fills">Fills recorded.</param>
/// <param name="Violations">Fills with violations.</param>
/// <param name="NetMassG">Mass filled, grams.</param>
public sealed record StationDayCounts(
    string StationId, string Region, string Day, long Permits, long Refusals, long Completed, long Aborted, long Expired, long Fills, long Violations, long NetMassG);

/// <summary>Typed tables that follow the ledger, with a position of their own.</summary>
public interface IProjectionStore : IAsyncDisposable
{
    /// <summary>How many entries the tables hold.</summary>
    Task<long> GetPositionAsync(CancellationToken cancellationToken);

    /// <summary>Entries that it takes well in one batch.</summary>
    int BatchEntriesMax { get; }

    /// <summary>
    /// Writes what entries that follow the position change, together with the new position, in one transaction. False, and nothing,
    /// when the tables hold another position: another node has moved them on. So a projector that lost its lease cannot do harm.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was written, or it cannot be told: read the position.</exception>
    Task<bool> ApplyAsync(ProjectedBatch batch, CancellationToken cancellationToken);

    /// <summary>Positions of entries, newest first, from a position on and below another: it looks at no others.</summary>
    Task<IReadOnlyList<long>> SearchAsync(EntryQuery query, long from, long below, int limit, CancellationToken cancellationToken);

    /// <summary>Positions of entries about a cylinder, oldest first, from a position on.</summary>
    Task<IReadOnlyList<long>> HistoryAsync(string cylinderId, long from, int limit, CancellationToken cancellationToken);

    /// <summary>Counts per station and day, in that order, at most so many.</summary>
    Task<IReadOnlyList<StationDayCounts>> CountAsync(StationDayQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>Refusals by reason per station and day, up to a station's day.</summary>
    Task<IReadOnlyList<(string StationId, string Day, string Code, long Count)>> CountReasonsAsync(
        StationDayQuery query, string throughStation, string throughDay, CancellationToken cancellationToken);

    /// <summary>Ids of cylinders behind an id and up to another, in order: it looks at no others.</summary>
    Task<IReadOnlyList<string>> ListCylindersAsync(CylinderQuery query, string afterId, string throughId, int limit, CancellationToken cancellationToken);

    /// <summary>The id that comes so many cylinders behind an id, of the unit wanted if one is; null when there are fewer.</summary>
    Task<string?> SkipCylindersAsync(string unitId, string afterId, int cylinders, CancellationToken cancellationToken);

    /// <summary>Ids of stations behind an id, in order.</summary>
    Task<IReadOnlyList<string>> ListStationsAsync(string regionPrefix, string afterId, int limit, CancellationToken cancellationToken);

    /// <summary>Open permits whose deadline has passed, oldest deadline first.</summary>
    Task<IReadOnlyList<string>> FindLapsedPermitsAsync(long nowUnixSeconds, int limit, CancellationToken cancellationToken);
}
