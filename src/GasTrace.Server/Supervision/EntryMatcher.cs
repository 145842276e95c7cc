using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Server.Hosting;
using GasTrace.Server.Registry;
using GasTrace.V1;

namespace GasTrace.Server.Supervision;

/// <summary>A subscription's filter, on headers alone: nothing is parsed to be left out.</summary>
public sealed class EntryMatcher
{
    private readonly string[] regions;
    private readonly HashSet<string> stations;
    private readonly HashSet<int> kinds;
    private readonly HashSet<string> gases;
    private readonly HashSet<string> cylinders;

    /// <summary>A matcher for a filter that is valid; null matches all.</summary>
    public EntryMatcher(EntryFilter? filter)
    {
        regions = [.. filter?.RegionPrefixes ?? []];
        stations = [.. filter?.StationIds ?? []];
        kinds = [.. (filter?.Kinds ?? []).Select(EntryKinds.NumberOf)];
        gases = [.. filter?.Gases ?? []];
        cylinders = [.. filter?.CylinderIds ?? []];
    }

    /// <summary>The first rule that a filter breaks, or null.</summary>
    public static Rejection? Validate(EntryFilter? filter) => filter is null ? null : Must.All(
        Must.BeFew("filter.region_prefixes", filter.RegionPrefixes.Count, ServerLimits.FilterValuesMax),
        Must.Each(filter.RegionPrefixes, region => Paging.BeRegionPrefix("filter.region_prefixes", region)),
        Must.BeFew("filter.station_ids", filter.StationIds.Count, ServerLimits.FilterValuesMax),
        Must.Each(filter.StationIds, id => Must.BeId("filter.station_ids", id)),
        Must.BeFew("filter.kinds", filter.Kinds.Count, ServerLimits.FilterValuesMax),
        Must.Each(filter.Kinds, kind => EntryKinds.BeKind("filter.kinds", kind)),
        Must.BeFew("filter.gases", filter.Gases.Count, ServerLimits.FilterValuesMax),
        Must.Each(filter.Gases, gas => Must.BeGas("filter.gases", gas)),
        Must.BeFew("filter.cylinder_ids", filter.CylinderIds.Count, ServerLimits.FilterValuesMax),
        Must.Each(filter.CylinderIds, id => Must.BeId("filter.cylinder_ids", id)));

    /// <summary>True when an entry matches.</summary>
    public bool Matches(EntryHeader header) =>
        (regions.Length == 0 || regions.Any(region => header.Region.StartsWith(region, StringComparison.Ordinal)))
        && (stations.Count == 0 || stations.Contains(header.Station))
        && (kinds.Count == 0 || kinds.Contains(header.Kind))
        && (gases.Count == 0 || gases.Contains(header.Gas))
        && (cylinders.Count == 0 || cylinders.Contains(header.Subject));
}
