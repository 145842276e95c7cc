using GasTrace.TestServers;
using Microsoft.Data.SqlClient;

namespace GasTrace.Server.Tests.ManyNodes;

/// <summary>The suite on processes that share a SQL Server, and a Redis.</summary>
public sealed class SqlServerNodesTests : ManyNodesSuite
{
    protected override async Task<INodeGroup> StartAsync(int nodes) => await ProcessGroup.StartAsync(nodes);

    private sealed class ProcessGroup(TestDatabase database, RespServer redis) : INodeGroup
    {
        private readonly List<(ToolProcess Process, NodeClient Client)> members = [];

        public IReadOnlyList<NodeClient> Members => members.ConvertAll(member => member.Client);

        public static async Task<ProcessGroup> StartAsync(int nodes)
        {
            Assert.SkipUnless(TestDatabase.HasServer, TestDatabase.WhySkipped);
            var group = new ProcessGroup(await TestDatabase.CreateAsync(), await RespServer.StartAnyAsync());
            for (var n = 0; n < nodes; n++)
            {
                group.members.Add(await group.ServeAsync(n));
            }

            await TestNode.PutSiteAsync(group.Members[0].Registry);
            return group;
        }

        public Task CutOffAsync(int node) => members[node].Process.KillAsync();

        public async Task ReconnectAsync(int node)
        {
            await DropAsync(members[node]);
            members[node] = await ServeAsync(node);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var member in members)
            {
                await DropAsync(member);
            }

            await redis.DisposeAsync();
            await database.DisposeAsync();
        }

        private static async Task DropAsync((ToolProcess Process, NodeClient Client) member)
        {
            await member.Client.DisposeAsync();
            member.Process.Dispose();
        }

        // A new name each time, as a container has: what its former life held is taken over by its age.
        private async Task<(ToolProcess, NodeClient)> ServeAsync(int node)
        {
            var process = await ToolProcess.ServeAsync(
                "--storage", "SqlServer", "--cards", "Redis", "--node", $"node{node}-{Guid.NewGuid():N}",
                "--set", "Storage:ConnectionString=" + new SqlConnectionStringBuilder(database.Options.ConnectionString) { Pooling = true }.ConnectionString, "--set", "Cards:Redis:Configuration=" + redis.Configuration,
                "--set", "Permits:MasterKey=" + Convert.ToBase64String(new byte[32]), "--set", "Nodes:LeaseSeconds=1");
            return (process, new NodeClient(process.Address));
        }
    }
}
