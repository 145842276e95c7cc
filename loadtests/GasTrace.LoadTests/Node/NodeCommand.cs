using System.Text.Json;
using GasTrace.LoadTests.Baselines;
using GasTrace.Server.Hosting;

namespace GasTrace.LoadTests.Node;

/// <summary>
/// A node in a process of its own, as in production: its processor time, its memory and its collector are not the load
/// generator's. It says where it listens, answers each line with what it has used, and ends with its input.
/// </summary>
internal static class NodeCommand
{
    public const string Name = "node";

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        using var commits = new NodeCommits();
        await using var node = await GasTraceNode.StartAsync(GasTraceOptions.OnSqlite(folder) with { Port = 0 }, cancellationToken);
        await using var plain = await PlainServer.StartAsync(node.Services, cancellationToken);
        Console.WriteLine(JsonSerializer.Serialize(new NodeAddresses(node.Address, plain.Address), NodeJson.Default.NodeAddresses));
        while (await Console.In.ReadLineAsync(cancellationToken) is not null)
        {
            Console.WriteLine(JsonSerializer.Serialize(commits.Usage(), NodeJson.Default.NodeUsage));
        }
    }
}
