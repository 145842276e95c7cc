using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>Everything that the rules of a scan may look at. What is not known is null, and what cannot be asked is not asked.</summary>
public sealed record ScanCase
{
    /// <summary>What the terminal brought.</summary>
    public required ScanRequest Request { get; init; }

    /// <summary>How the scanned text was read.</summary>
    public required CodeReading Reading { get; init; }

    /// <summary>When.</summary>
    public required Moment Now { get; init; }

    /// <summary>Limits that were changed; null when none ever was.</summary>
    public LimitsCard? ChangedLimits { get; init; }

    /// <summary>The alias that was read; null when it is bound to nothing.</summary>
    public AliasCard? Alias { get; init; }

    /// <summary>The cylinder's card; null when the alias names none, or is voided.</summary>
    public CylinderCard? CylinderCard { get; init; }

    /// <summary>A recall that the cylinder falls under.</summary>
    public Recall? Recall { get; init; }

    /// <summary>The body of the last inspection.</summary>
    public InspectionBody? InspectionBody { get; init; }

    /// <summary>The terminal; null when unknown: then there is no station either.</summary>
    public Terminal? Terminal { get; init; }

    /// <summary>The gun; null when it is not registered to the terminal.</summary>
    public Gun? Gun { get; init; }

    /// <summary>What the gun is doing.</summary>
    public GunCard? GunCard { get; init; }

    /// <summary>The station.</summary>
    public Station? Station { get; init; }

    /// <summary>The operator.</summary>
    public Operator? Operator { get; init; }

    /// <summary>The gas batch, when this station holds one of that id.</summary>
    public GasBatch? GasBatch { get; init; }

    /// <summary>Custody of the cylinder's unit at the station.</summary>
    public Custody? Custody { get; init; }

    /// <summary>The limits of the day.</summary>
    public LimitTable Limits => new(ChangedLimits, Now.Today);

    /// <summary>The permit that is open and has not passed its deadline.</summary>
    public OpenPermit? OpenPermit => CylinderCard?.OpenPermit is { } open && open.DeadlineUnixS > Now.UnixSeconds ? open : null;

    /// <summary>The cylinder.</summary>
    public Cylinder? Cylinder => CylinderCard?.Cylinder;

    /// <summary>The operator, when registered at the station.</summary>
    public Operator? OperatorHere => Station is not null && Operator?.StationIds.Contains(Station.StationId) == true ? Operator : null;

    /// <summary>Due date of inspection that counts; the cylinder must be known.</summary>
    public DateOnly InspectionDue => InspectionCalendar.Due(Cylinder!, Limits);

    /// <summary>Seconds between the terminal's clock and the service's; null when the terminal did not say.</summary>
    public double? ClockDifferenceSeconds => Request.TerminalTime is null
        ? null
        : Math.Abs((Request.TerminalTime.ToDateTimeOffset() - Now.Instant).TotalSeconds);

    /// <summary>Collects what a scan looks at.</summary>
    public static ScanCase Of(ScanRequest request, CodeReading reading, ScanKeys keys, CardSet cards, Moment now)
    {
        var changedLimits = cards.Get<LimitsCard>(CardKey.Limits);
        var alias = reading.Outcome == ReadingOutcome.Readable ? cards.Get<AliasCard>(keys.Alias) : null;
        var cylinderCard = alias is { Voided: false } ? cards.Get<CylinderCard>(keys.Cylinder(alias.CylinderId)) : null;
        var terminal = request.TerminalId.Length > 0 ? cards.Get<Terminal>(keys.Terminal) : null;
        var station = terminal is null ? null : cards.Get<Station>(keys.Station(terminal.StationId));
        var gunCard = terminal is null ? null : cards.Get<GunCard>(keys.Gun);
        return new ScanCase
        {
            Request = request,
            Reading = reading,
            Now = now,
            ChangedLimits = changedLimits,
            Alias = alias,
            CylinderCard = cylinderCard,
            Recall = cylinderCard is null ? null : Recalls.Find(cylinderCard.Cylinder, keys.Recalls(cylinderCard.Cylinder), cards),
            InspectionBody = cylinderCard?.Cylinder.LastInspection is { InspectionBodyId.Length: > 0 } inspection
                ? cards.Get<InspectionBody>(keys.InspectionBody(inspection.InspectionBodyId))
                : null,
            Terminal = terminal,
            Gun = terminal is null ? null : FindGun(terminal, request.GunId),
            GunCard = gunCard,
            Station = station,
            Operator = terminal is null || request.OperatorId.Length == 0 ? null : cards.Get<Operator>(keys.Operator),
            GasBatch = terminal is null || request.GasBatchId.Length == 0 ? null : cards.Get<GasBatch>(keys.GasBatch(terminal.StationId)),
            Custody = station is null || cylinderCard?.Cylinder.UseRegistration is not { } registration || registration.UnitId == station.UnitId
                ? null
                : cards.Get<Custody>(keys.Custody(registration.UnitId, station.StationId)),
        };
    }

    // Without a closure: a scan asks in every round of loading.
    private static Gun? FindGun(Terminal terminal, string gunId)
    {
        for (var i = 0; i < terminal.Guns.Count; i++)
        {
            if (terminal.Guns[i].GunId == gunId)
            {
                return terminal.Guns[i];
            }
        }

        return null;
    }
}
