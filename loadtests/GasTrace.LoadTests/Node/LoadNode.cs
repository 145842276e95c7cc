using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GasTrace.LoadTests.Node;

/// <summary>The node under load: a process of this program.</summary>
internal sealed class LoadNode : IAsyncDisposable
{
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
