using GasTrace.V1;

namespace GasTrace.Simulation.Checking;

/// <summary>A cylinder as the reference model has it: what a clerk would write on a card of paper.</summary>
internal sealed class ModelCylinder
{
    public required string Id { get; init; }

    public required string Maker { get; init; }

    public required string Serial { get; init; }

    public required DateOnly Made { get; set; }

    public required string Model { get; init; }

    public required string Gas { get; init; }

    public required int TareG { get; set; }

    public required int MaxNetMassG { get; init; }

    public required bool Refurbished { get; init; }

    public required string Code { get; set; }

    public string Unit { get; set; } = string.Empty;

    public string Certificate { get; set; } = string.Empty;

    public bool RegistrationCancelled { get; set; }

    public DateOnly? Inspected { get; set; }

    public bool InspectionFailed { get; set; }

    public string InspectionBody { get; set; } = string.Empty;

    public DateOnly? Due { get; set; }

    public DateOnly? StampedLifeEnd { get; set; }

    public bool Scrapped { get; set; }

    public bool PurgeRequired { get; set; }

    public DateTimeOffset? Purged { get; set; }

    public DateTimeOffset? Filled { get; set; }

    public int Fills { get; set; }

    public Whereabouts Whereabouts { get; set; }

    public DateOnly? OutFrom { get; set; }

    public DateOnly? OutUntil { get; set; }

    public SortedSet<HoldKind> Holds { get; } = [];

    public List<string> StampedNumbers { get; } = [];

    /// <summary>Virtual time of the last entry about it.</summary>
    public TimeSpan Changed { get; set; }

    public int Permits { get; set; }

    public ModelPermit? Open { get; set; }

    /// <summary>Whether nothing is wrong with it for good.</summary>
    public bool LooksSound => !Scrapped && !Refurbished && !PurgeRequired && !InspectionFailed && !RegistrationCancelled && TareG > 0 && Gas == "LPG" && Inspected is not null
        && Made > new DateOnly(2018, 6, 1) && Model == "YSP35.5";

    /// <summary>All that ended, in order.</summary>
    public List<ModelPermit> Closed { get; } = [];
}

/// <summary>A permit as the reference model has it.</summary>
internal sealed class ModelPermit
{
    public required string Id { get; init; }

    public required ModelCylinder Cylinder { get; init; }

    public required string Station { get; init; }

    public required string Terminal { get; init; }

    public required string Gun { get; init; }

    public required string Operator { get; init; }

    public required string Batch { get; init; }

    public required long Issued { get; init; }

    /// <summary>Seconds since 1970 at which it is over, if nothing happens before.</summary>
    public required long Deadline { get; set; }

    public bool Begun { get; set; }

    public string End { get; set; } = string.Empty;

    public long EndedAt { get; set; }

    public bool Voided { get; set; }
}

/// <summary>A gun's state.</summary>
internal sealed class ModelGun
{
    public string Begun { get; set; } = string.Empty;

    public long ReportBy { get; set; }

    public long Sequence { get; set; }
}
