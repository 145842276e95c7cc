using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Server.Errors;
using GasTrace.Server.Hosting;
using GasTrace.Server.Registry;
using GasTrace.V1;

namespace GasTrace.Server.Supervision;

/// <summary>Questions to the record, answered from the projections and the ledger itself.</summary>
public sealed class RecordQueries(ILedgerStore store, LedgerReader reader, IProjectionStore projections, TimeProvider time)
{
    /// <summary>One entry.</summary>
    public async Task<GetEntryResponse> GetEntryAsync(GetEntryRequest request, CancellationToken cancellationToken)
    {
        RejectedException.ThrowIf(Must.BeWithin("position", request.Position, 0, long.MaxValue));
        var found = await store.ReadAsync(request.Position, 1, cancellationToken);
        return found.Count > 0
            ? new GetEntryResponse { Entry = found[0].ToMessage() }
            : throw SupervisionGrpcService.BeyondHead(request.Position, reader.Head);
    }

    /// <summary>A page of entries, newest first.</summary>
    public async Task<SearchResponse> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        RejectedException.ThrowIf(Must.All(
            request.Kind.Length > 0 ? EntryKinds.BeKind("kind", request.Kind) : null,
            Paging.BeRegionPrefix("region_prefix", request.RegionPrefix),
            Must.BeIdOrEmpty("station_id", request.StationId),
            Must.BeIdOrEmpty("cylinder_id", request.CylinderId),
            Must.BeIdOrEmpty("finding_code", request.FindingCode),
            Must.BeTimeOrEmpty("from", request.From),
            Must.BeTimeOrEmpty("until", request.Until)));
        var size = Paging.SizeOf(request.PageSize);
        var upTo = await projections.GetPositionAsync(cancellationToken);
        var query = new EntryQuery(
            request.Kind.Length > 0 ? EntryKinds.NumberOf(request.Kind) : 0,
            request.RegionPrefix,
            request.StationId,
            request.CylinderId,
            request.FindingCode,
            Micros(request.From),
            Micros(request.Until));
        var lowest = request.From is null ? 0 : await reader.FindAsync(request.From.ToDateTimeOffset(), cancellationToken);
        var below = Math.Min(upTo, Paging.PositionOf(request.PageToken, long.MaxValue));
        below = request.Until is null ? below : Math.Min(below, await reader.FindEndAsync(request.Until.ToDateTimeOffset(), cancellationToken));
        var (positions, searchedFrom) = await SearchAsync(query, lowest, below, size, cancellationToken);
        var next = positions.Count == size ? positions[^1] : searchedFrom;
        var response = new SearchResponse { SearchedUpTo = upTo, NextPageToken = next > lowest ? Paging.TokenOf(next) : string.Empty };
        response.Entries.Add(await Paging.EntriesAsync(store, positions, cancellationToken));
        return response;
    }

    // Stretch by stretch, and not for long: what is rare may not be there at all, and the whole record may be years.
    private async Task<(List<long> Positions, long SearchedFrom)> SearchAsync(EntryQuery query, long lowest, long below, int size, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        // A cylinder's entries are found by the cylinder, wherever they are.
        var stretch = query is { CylinderId.Length: > 0, FindingCode.Length: 0 } ? long.MaxValue : ServerLimits.SearchStretchEntries;
        List<long> positions = [];
        while (below > lowest && positions.Count < size && time.GetElapsedTime(began) < ServerLimits.SearchTimeMax)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var from = below - lowest > stretch ? below - stretch : lowest;
            positions.AddRange(await projections.SearchAsync(query, from, below, size - positions.Count, cancellationToken));
            below = from;
        }

        return (positions, below);
    }

    /// <summary>Counts per station and day.</summary>
    public async Task<StatisticsResponse> StatisticsAsync(StatisticsRequest request, CancellationToken cancellationToken)
    {
        RejectedException.ThrowIf(Must.All(
            Paging.BeRegionPrefix("region_prefix", request.RegionPrefix),
            Must.BeIdOrEmpty("station_id", request.StationId),
            Must.BeDayOrEmpty("from", request.From),
            Must.BeDayOrEmpty("until", request.Until)));
        var size = Paging.SizeOf(request.PageSize);
        var (afterStation, afterDay) = Paging.StationDayOf(request.PageToken);
        var query = new StationDayQuery(
            request.RegionPrefix, request.StationId, request.From.ToDayOrNull()?.ToText() ?? string.Empty, request.Until.ToDayOrNull()?.ToText() ?? "9999-12-31", afterStation, afterDay);
        var response = new StatisticsResponse { CountedUpTo = await projections.GetPositionAsync(cancellationToken) };
        var days = await projections.CountAsync(query, size, cancellationToken);
        if (days.Count == 0)
        {
            return response;
        }

        var last = days[^1];
        var reasons = (await projections.CountReasonsAsync(query, last.StationId, last.Day, cancellationToken)).ToLookup(reason => (reason.StationId, reason.Day));
        response.Days.Add(days.Select(day => ToMessage(day, reasons[(day.StationId, day.Day)])));
        response.NextPageToken = days.Count == size ? Paging.TokenOf(last.StationId, last.Day) : string.Empty;
        return response;
    }

    private static StationDay ToMessage(StationDayCounts counts, IEnumerable<(string StationId, string Day, string Code, long Count)> reasons)
    {
        var day = new StationDay
        {
            StationId = counts.StationId,
            Region = counts.Region,
            Day = DateOnly.ParseExact(counts.Day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).ToMessage(),
            Scans = counts.Permits + counts.Refusals,
            Permits = counts.Permits,
            Refusals = counts.Refusals,
            Completed = counts.Completed,
            Aborted = counts.Aborted,
            Expired = counts.Expired,
            Fills = counts.Fills,
            Violations = counts.Violations,
            NetMassG = counts.NetMassG,
        };
        foreach (var reason in reasons)
        {
            day.RefusalsByCode[reason.Code] = reason.Count;
        }

        return day;
    }

    private static long? Micros(Google.Protobuf.WellKnownTypes.Timestamp? time) => time is null ? null : (time.Seconds * 1_000_000) + (time.Nanos / 1_000);
}
