using GasTrace.Ledger.Projecting;
using Microsoft.Extensions.Hosting;

namespace GasTrace.Server.Hosting;

/// <summary>Runs the projector as long as the node runs. A fault stops the node: tables that silently stand still would mislead.</summary>
internal sealed class ProjectorWorker(Projector projector) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await projector.RunAsync(stoppingToken).ConfigureAwait(false);
    }
}
