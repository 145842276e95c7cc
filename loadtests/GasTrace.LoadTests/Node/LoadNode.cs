using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GasTrace.LoadTests.Node;

/// <summary>The node under load: a process of this program.</summary>
internal sealed class LoadNode : IAsyncDisposable
{
    // Longer than cards wait until they are flushed, ten seconds.
    private const int RestSteps = 12;
    private const int RestStepsMost = 120;
    private const double RestingMicros = 50_000;
    private static readonly TimeSpan RestStep = TimeSpan.FromSeconds(1);

    private readonly Process process;
    private readonly SemaphoreSlim turn = new(1);

    private LoadNode(Process process) => this.process = process;

    /// <summary>Where it listens.</summary>
    public NodeAddresses Addresses { get; private set; } = new(string.Empty, string.Empty);

    /// <summary>Starts a node on a folder and waits until it serves.</summary>
    public static async Task<LoadNode> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The program does not know where it is.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[NodeCommand.Name, folder])
        {
            start.ArgumentList.Add(argument);
        }

        var node = new LoadNode(Process.Start(start) ?? throw new InvalidOperationException("The node did not start."));
        node.Addresses = await node.HearAsync(NodeJson.Default.NodeAddresses, cancellationToken);
        return node;
    }

    /// <summary>What it has used by now.</summary>
    public async Task<NodeUsage> UsageAsync()
    {
        await turn.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync("usage");
            await process.StandardInput.FlushAsync();
            return await HearAsync(NodeJson.Default.NodeUsage, CancellationToken.None);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Waits until it has done as good as nothing for so long that what earlier load left to do is done.</summary>
    /// <exception cref="TimeoutException">It has not come to rest for two minutes.</exception>
    public async Task RestAsync(CancellationToken cancellationToken)
    {
        var before = await UsageAsync();
        for (int step = 0, rested = 0; step < RestStepsMost; step++)
        {
            await Task.Delay(RestStep, cancellationToken);
            var after = await UsageAsync();
            rested = (after - before).CpuMicros < RestingMicros ? rested + 1 : 0;
            if (rested == RestSteps)
            {
                return;
            }

            before = after;
        }

        throw new TimeoutException($"The node still works {RestStepsMost * RestStep} after the load.");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        turn.Dispose();
    }

    private async Task<TMessage> HearAsync<TMessage>(JsonTypeInfo<TMessage> type, CancellationToken cancellationToken)
    {
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The node has ended; its error output says why.");
        return JsonSerializer.Deserialize(line, type) ?? throw new InvalidOperationException($"The node said '{line}'.");
    }
}
