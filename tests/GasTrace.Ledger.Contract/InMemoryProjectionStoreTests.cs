using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Projecting;

namespace GasTrace.Ledger.Contract;

/// <summary>The tables that tests and the simulation use keep what the real ones must.</summary>
public sealed class InMemoryProjectionStoreTests : ProjectionStoreContract
{
    protected override Task<IProjectionStore> OpenAsync() => Task.FromResult<IProjectionStore>(new InMemoryProjectionStore());
}
