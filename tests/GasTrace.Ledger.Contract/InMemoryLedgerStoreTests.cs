using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Contract;

/// <summary>The suite on the store that tests of many nodes share: what they show rests on it.</summary>
public sealed class InMemoryLedgerStoreTests : LedgerStoreContract
{
    protected override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(new InMemoryLedgerStore());
}
