using Microsoft.Extensions.Hosting;

namespace GasTrace.Server.Hosting;

/// <summary>Work that goes on as long as the node does. A fault stops the node, and is what its end is explained by.</summary>
internal sealed class NodeWorker(Func<CancellationToken, Task> work, NodeFault fault) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await work(stoppingToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            fault.Cause ??= error;
            throw;
        }
    }
}
