using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Contract;

/// <summary>The suite can fail: each planted fault is found by the check that is there for it.</summary>
public class MutantStoreTests
{
    [Theory]
    [InlineData(PlantedFault.SkipsVersions, "stale")]
    [InlineData(PlantedFault.SkipsReads, "read")]
    [InlineData(PlantedFault.SkipsClaims, "claims")]
    [InlineData(PlantedFault.LeavesGaps, "gap")]
    [InlineData(PlantedFault.KeepsClaimsOfLosers, "stale")]
    [InlineData(PlantedFault.ForgetsCards, "order")]
    public async Task A_planted_fault_is_found(PlantedFault fault, string check) =>
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => Checks[check](new InMemoryLedgerStore(fault)));

    private static readonly Dictionary<string, Func<ILedgerStore, Task>> Checks = new()
    {
        ["dense"] = Check.PositionsAreDense, ["stale"] = Check.StaleLoses, ["read"] = Check.ReadIsChecked, ["claims"] = Check.ClaimsAreUnique,
        ["gap"] = Check.LosersMakeNoGap, ["order"] = Check.CardsInOrder,
    };
}
