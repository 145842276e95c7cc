using GasTrace.Ledger.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GasTrace.Server.Hosting;

/// <summary>Serving means: the store answers.</summary>
internal sealed class StoreHealthCheck(ILedgerStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.GetHeadAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (StoreUnavailableException error)
        {
            return HealthCheckResult.Unhealthy(error.Message);
        }
    }
}
