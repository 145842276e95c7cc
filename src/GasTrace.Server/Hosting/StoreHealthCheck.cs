using GasTrace.Ledger.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GasTrace.Server.Hosting;

/// <summary>Serving means: the store answers.</summary>
internal sealed class StoreHealthCheck(ILedgerStore store, HealthChanges changes) : IHealthCheck
{
    private const string What = "The store";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.GetHeadAsync(cancellationToken);
            changes.Report(What, isUp: true, string.Empty);
            return HealthCheckResult.Healthy();
        }
        catch (StoreUnavailableException error)
        {
            changes.Report(What, isUp: false, error.Message);
            return HealthCheckResult.Unhealthy(error.Message);
        }
    }
}
