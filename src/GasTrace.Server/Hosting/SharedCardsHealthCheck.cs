using GasTrace.Cards.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GasTrace.Server.Hosting;

/// <summary>Whether the shared card cache is used. The service goes on without it, so this is a service of its own to the health protocol.</summary>
internal sealed class SharedCardsHealthCheck(RedisCards cards, HealthChanges changes) : IHealthCheck
{
    /// <summary>The name to ask the health service for.</summary>
    public const string Name = "cards";

    private const string Reason = "the store answers alone";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var isUsed = cards.IsUsed;
        changes.Report("Redis", isUsed, Reason);
        return Task.FromResult(isUsed ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(Reason));
    }
}
