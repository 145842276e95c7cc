using GasTrace.Cards.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GasTrace.Server.Hosting;

/// <summary>Whether the shared card cache is used. The service goes on without it, so this is a service of its own to the health protocol.</summary>
internal sealed class SharedCardsHealthCheck(RedisCards cards) : IHealthCheck
{
    /// <summary>The name to ask the health service for.</summary>
    public const string Name = "cards";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(cards.IsUsed ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Redis is not used: the store answers alone."));
}
