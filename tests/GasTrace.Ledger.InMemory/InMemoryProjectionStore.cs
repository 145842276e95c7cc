using GasTrace.Ledger.Projecting;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.InMemory;

/// <summary>The typed tables on plain collections, shared by any number of nodes of one process.</summary>
public sealed class InMemoryProjectionStore : IProjectionStore
{
    private readonly Lock gate = new();
    private readonly List<EntryRow> known = [];
    private readonly Dictionary<string, OpenPermitRow> permits = new(StringComparer.Ordinal);
    private readonly List<FillRow> fills = [];
    private readonly List<VoidedFillRow> voidedFills = [];
    private readonly List<FindingRow> findings = [];
    private readonly Dictionary<(string Station, string Day), StationDayRow> days = [];
    private readonly Dictionary<(string Station, string Day, string Code), long> reasons = [];
    private readonly SortedDictionary<string, CylinderRow> cylinders = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StationRow> stations = new(StringComparer.Ordinal);
    private readonly Dictionary<(string CylinderId, int Kind), HoldRow> holds = [];

    /// <inheritdoc />
    public Task<long> GetPositionAsync(CancellationToken cancellationToken) => Locked(() => (long)known.Count);

    /// <inheritdoc />
    public int BatchEntriesMax => 16_000;

    /// <inheritdoc />
    public Task<bool> ApplyAsync(ProjectedBatch batch, CancellationToken cancellationToken) => Locked(() =>
    {
        if (batch.From != known.Count)
        {
            return false;
        }

        Apply(batch);
        return true;
    });

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> SearchAsync(EntryQuery query, long from, long below, int limit, CancellationToken cancellationToken) => Locked<IReadOnlyList<long>>(() =>
    {
        var found = query.FindingCode.Length > 0 ? findings.Where(row => row.Code == query.FindingCode).Select(row => row.Position).ToHashSet() : null;
        return [.. known.Where(row => row.Position >= from && row.Position < below && Matches(row, query) && found?.Contains(row.Position) != false)
            .Select(row => row.Position).OrderDescending().Take(limit)];
    });

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> HistoryAsync(string cylinderId, long from, int limit, CancellationToken cancellationToken) => Locked<IReadOnlyList<long>>(() =>
        [.. known.Where(row => row.CylinderId == cylinderId && row.Position >= from).Select(row => row.Position).Take(limit)]);

    /// <inheritdoc />
    public Task<IReadOnlyList<StationDayCounts>> CountAsync(StationDayQuery query, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<StationDayCounts>>(() => [.. Days(query).Take(limit).Select(row => new StationDayCounts(
            row.Station, row.Region, row.Day, row.Permits, row.Refusals, row.Completed, row.Aborted, row.Expired, row.Fills, row.Violations, row.NetMassG))]);

    /// <inheritdoc />
    public Task<IReadOnlyList<(string StationId, string Day, string Code, long Count)>> CountReasonsAsync(
        StationDayQuery query, string throughStation, string throughDay, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<(string, string, string, long)>>(() => [.. Days(query).Where(day => Compare(day, throughStation, throughDay) <= 0).SelectMany(day => reasons
            .Where(reason => reason.Key.Station == day.Station && reason.Key.Day == day.Day)
            .OrderBy(reason => reason.Key.Code, StringComparer.Ordinal)
            .Select(reason => (reason.Key.Station, reason.Key.Day, reason.Key.Code, reason.Value)))]);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListCylindersAsync(CylinderQuery query, string afterId, string throughId, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<string>>(() => [.. CylindersBehind(query.UnitId, afterId)
            .Where(row => string.CompareOrdinal(row.CylinderId, throughId) <= 0 && Is(query.Maker, row.Maker) && Is(query.Model, row.Model))
            .Select(row => row.CylinderId).Take(limit)]);

    /// <inheritdoc />
    public Task<string?> SkipCylindersAsync(string unitId, string afterId, int cylinders, CancellationToken cancellationToken) =>
        Locked(() => CylindersBehind(unitId, afterId).Skip(cylinders - 1).Select(row => row.CylinderId).FirstOrDefault());

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListStationsAsync(string regionPrefix, string afterId, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<string>>(() => [.. stations.Values
            .Where(row => string.CompareOrdinal(row.StationId, afterId) > 0 && row.Region.StartsWith(regionPrefix, StringComparison.Ordinal))
            .Select(row => row.StationId).Take(limit)]);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> FindLapsedPermitsAsync(long nowUnixSeconds, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<string>>(() => [.. permits.Values.Where(row => row.DeadlineUnixSeconds <= nowUnixSeconds)
            .OrderBy(row => row.DeadlineUnixSeconds).ThenBy(row => row.PermitId, StringComparer.Ordinal).Select(row => row.PermitId).Take(limit)]);

    /// <summary>Every row of every table, in an order that does not depend on how they came.</summary>
    public IEnumerable<string> Rows() =>
    [
        .. known.Select(row => row.ToString()),
        .. permits.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => row.Value.ToString()),
        .. fills.Select(row => row.ToString()),
        .. voidedFills.Select(row => row.ToString()),
        .. findings.Select(row => row.ToString()),
        .. days.OrderBy(row => row.Key).Select(row => row.Value.ToString()),
        .. reasons.OrderBy(row => row.Key).Select(row => row.ToString()),
        .. cylinders.Values.Select(row => row.ToString()),
        .. stations.Values.Select(row => row.ToString()),
        .. holds.OrderBy(row => row.Key).Select(row => row.Value.ToString()),
    ];

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<TAnswer> Locked<TAnswer>(Func<TAnswer> answer)
    {
        lock (gate)
        {
            return Task.FromResult(answer());
        }
    }

    private IEnumerable<CylinderRow> CylindersBehind(string unitId, string afterId) =>
        cylinders.Values.Where(row => string.CompareOrdinal(row.CylinderId, afterId) > 0 && Is(unitId, row.UnitId));

    private static bool Is(string wanted, string value) => wanted.Length == 0 || wanted == value;

    private static bool Matches(EntryRow row, EntryQuery query) =>
        (query.Kind == 0 || row.Kind == query.Kind)
        && row.Region.StartsWith(query.RegionPrefix, StringComparison.Ordinal)
        && Is(query.StationId, row.Station)
        && Is(query.CylinderId, row.CylinderId)
        && (query.FromMicros is not { } from || row.RecordedAtMicros >= from)
        && (query.UntilMicros is not { } until || row.RecordedAtMicros < until);

    private IEnumerable<StationDayRow> Days(StationDayQuery query) => days.Values
        .Where(row => row.Region.StartsWith(query.RegionPrefix, StringComparison.Ordinal) && Is(query.StationId, row.Station)
            && string.CompareOrdinal(row.Day, query.FromDay) >= 0 && string.CompareOrdinal(row.Day, query.UntilDay) <= 0
            && Compare(row, query.AfterStation, query.AfterDay) > 0)
        .OrderBy(row => row.Station, StringComparer.Ordinal).ThenBy(row => row.Day, StringComparer.Ordinal);

    private static int Compare(StationDayRow row, string station, string day) =>
        string.CompareOrdinal(row.Station, station) is var stations && stations != 0 ? stations : string.CompareOrdinal(row.Day, day);

    private void Apply(ProjectedBatch batch)
    {
        known.AddRange(batch.Entries);
        fills.AddRange(batch.Fills);
        voidedFills.AddRange(batch.VoidedFills);
        findings.AddRange(batch.Refusals.Concat(batch.Violations).OrderBy(row => row.Position));
        ApplyPermits(batch);
        foreach (var row in batch.StationDays)
        {
            Add(row);
        }

        foreach (var row in batch.StationDayReasons)
        {
            var key = (row.Station, row.Day, row.Code);
            reasons[key] = reasons.GetValueOrDefault(key) + row.Refusals;
        }

        ApplyRegister(batch.Register);
    }

    private void ApplyPermits(ProjectedBatch batch)
    {
        foreach (var row in batch.BegunPermits)
        {
            if (permits.TryGetValue(row.PermitId, out var open))
            {
                permits[row.PermitId] = open with { Begun = true, DeadlineUnixSeconds = row.DeadlineUnixSeconds };
            }
        }

        foreach (var closed in batch.ClosedPermits)
        {
            permits.Remove(closed);
        }

        foreach (var row in batch.OpenPermits)
        {
            permits[row.PermitId] = row;
        }
    }

    private void Add(StationDayRow row)
    {
        var key = (row.Station, row.Day);
        var sum = days.TryGetValue(key, out var before) ? before : days[key] = new StationDayRow(row.Station, row.Region, row.Day);
        sum.Permits += row.Permits;
        sum.Refusals += row.Refusals;
        sum.Completed += row.Completed;
        sum.Aborted += row.Aborted;
        sum.Expired += row.Expired;
        sum.Fills += row.Fills;
        sum.Violations += row.Violations;
        sum.NetMassG += row.NetMassG;
    }

    private void ApplyRegister(ProjectedRegister register)
    {
        foreach (var row in register.Cylinders)
        {
            cylinders[row.CylinderId] = row;
        }

        Change(register.Codes, row => row.CylinderId, (row, before) => before with { Code = row.Code });
        Change(register.Corrections, row => row.CylinderId, (row, before) => before with { ManufacturedOn = row.ManufacturedOn, Model = row.Model, Gas = row.Gas });
        Change(register.Inspections, row => row.CylinderId, (row, before) => before with { InspectionDueOn = row.InspectionDueOn, ServiceLifeEndsOn = row.ServiceLifeEndsOn });
        Change(register.UseRegistrations, row => row.CylinderId, (row, before) => before with { UnitId = row.UnitId, CertificateNumber = row.CertificateNumber });
        Change(register.Scrapped, id => id, (_, before) => before with { Scrapped = true });
        foreach (var row in register.ReleasedHolds)
        {
            holds.Remove((row.CylinderId, row.Kind));
        }

        foreach (var row in register.Holds)
        {
            holds.TryAdd((row.CylinderId, row.Kind), row);
        }

        foreach (var row in register.Stations)
        {
            stations[row.StationId] = row;
        }

        foreach (var row in register.StationStatuses)
        {
            if (stations.TryGetValue(row.StationId, out var before))
            {
                stations[row.StationId] = before with { Status = row.Status };
            }
        }
    }

    private void Change<TRow>(IEnumerable<TRow> rows, Func<TRow, string> idOf, Func<TRow, CylinderRow, CylinderRow> change)
    {
        foreach (var row in rows)
        {
            if (cylinders.TryGetValue(idOf(row), out var before))
            {
                cylinders[idOf(row)] = change(row, before);
            }
        }
    }
}
