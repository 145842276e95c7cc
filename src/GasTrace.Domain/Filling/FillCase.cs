using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>How the permit that a report names stands.</summary>
public enum PermitStanding
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Issued or begun, and in time.</summary>
    Open,

    /// <summary>It expired.</summary>
    Expired,

    /// <summary>It is used up or given up.</summary>
    Consumed,
}

/// <summary>Everything that the rules on a reported fill may look at.</summary>
public sealed record FillCase
{
    /// <summary>The report.</summary>
    public required FillReport Report { get; init; }

    /// <summary>When it came.</summary>
    public required Moment Now { get; init; }

    /// <summary>The limits of the day.</summary>
    public required LimitTable Limits { get; init; }

    /// <summary>How the permit stands.</summary>
    public required PermitStanding Standing { get; init; }

    /// <summary>What the permit allowed; null when there is none or it is forgotten. Of a closed one only what reports are judged by.</summary>
    public PermitTerms? Terms { get; init; }

    /// <summary>The cylinder that the permit is for; null when the permit's id leads to none.</summary>
    public Cylinder? PermitCylinder { get; init; }

    /// <summary>The cylinder that was filled: the one scanned at the end, else the permit's; null when unknown.</summary>
    public Cylinder? Cylinder { get; init; }

    /// <summary>The station that reports.</summary>
    public Station? Station { get; init; }

    /// <summary>The gun that reports.</summary>
    public GunCard? Gun { get; init; }

    /// <summary>Contents after filling, residue included: gross less tare on the label, grams.</summary>
    public int NetMassG => Cylinder is null ? 0 : Report.GrossMassG - Cylinder.TareG;
}
