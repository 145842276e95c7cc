namespace GasTrace.Simulation;

/// <summary>A fault planted in the core, to show that the simulation finds it. Only the simulation knows of them.</summary>
internal enum SimulatedFault
{
    /// <summary>The core as it is.</summary>
    None,

    /// <summary>An append does not compare the versions of the cards that the decision saw.</summary>
    SkipsVersionChecks,

    /// <summary>An append compares the cards it writes, not those it only read: a cached card decides alone.</summary>
    CachedCardsDecideAlone,

    /// <summary>A store answers before it has committed.</summary>
    AcknowledgesBeforeCommit,

    /// <summary>An append that is tried again goes without its claims.</summary>
    RetriesWithoutClaims,

    /// <summary>A subscription loses an entry when it goes from the store's pages to the live tail.</summary>
    DropsAtTheSwitch,

    /// <summary>The sweeper expires permits by a clock that is ahead.</summary>
    ExpiresEarly,
}
