namespace GasTrace.Ledger.InMemory;

/// <summary>A fault that a store can be given, to show that a suite finds it.</summary>
public enum PlantedFault
{
    /// <summary>A sound store.</summary>
    None,

    /// <summary>Checks no card's version.</summary>
    SkipsVersions,

    /// <summary>Checks the versions of cards written, not of those only read.</summary>
    SkipsReads,

    /// <summary>Checks no claim.</summary>
    SkipsClaims,

    /// <summary>A unit that loses takes a position with it.</summary>
    LeavesGaps,

    /// <summary>A unit that loses leaves its claims behind.</summary>
    KeepsClaimsOfLosers,

    /// <summary>Writes no card.</summary>
    ForgetsCards,
}
