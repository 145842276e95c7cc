using GasTrace.Cards.Redis;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.TestServers;
using GasTrace.Server.Hosting;

namespace GasTrace.Server.Tests.ManyNodes;

/// <summary>Nodes in this process that share a store in memory, typed tables in a file, and a real Redis.</summary>
public sealed class NodeGroup : INodeGroup
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");
    private readonly List<Member> members = [];
    private SqliteLedgerStore folderOwner = null!;
    private SqliteProjectionStore projections = null!;

    private NodeGroup()
    {
    }

    public InMemoryLedgerStore Store { get; } = new();

    public RespServer Redis { get; private set; } = null!;

    public IReadOnlyList<NodeClient> Members => members;

    public Task CutOffAsync(int node)
    {
        members[node].CutOff();
        return Task.CompletedTask;
    }

    public Task ReconnectAsync(int node)
    {
        members[node].Reconnect();
        return Task.CompletedTask;
    }

    public static async Task<NodeGroup> StartAsync(int nodes)
    {
        var options = new SqliteOptions("");
        var group = new NodeGroup();
        options = options with { Folder = group.folder.FullName };
        group.Redis = await RespServer.StartAnyAsync();
        group.folderOwner = SqliteLedgerStore.Open(options);
        group.projections = SqliteProjectionStore.Open(options);
        for (var n = 0; n < nodes; n++)
        {
            await group.JoinAsync();
        }

        await TestNode.PutSiteAsync(group.members[0].Registry);
        return group;
    }

    private async Task JoinAsync() => members.Add(await Member.StartAsync($"node{members.Count + 1}", Store, projections, Redis.Configuration));

    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }

        await projections.DisposeAsync();
        await folderOwner.DisposeAsync();
        await Redis.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>One node, with a line of its own to the store.</summary>
    private sealed class Member : NodeClient
    {
        private readonly GasTraceNode node;
        private readonly RedisLink redis;
        private readonly SeveredStore line;

        private Member(GasTraceNode node, RedisLink redis, SeveredStore line)
            : base(node.Address)
        {
            this.node = node;
            this.redis = redis;
            this.line = line;
        }

        public static async Task<Member> StartAsync(string name, InMemoryLedgerStore store, SqliteProjectionStore projections, string redis)
        {
            var line = new SeveredStore(store);
            var link = await RedisLink.ConnectAsync(new RedisOptions(redis) { BreakDuration = TimeSpan.FromSeconds(0.5) }, TimeProvider.System);
            var options = new GasTraceOptions { NodeName = name, Port = 0, MasterKey = new byte[32], LeaseTerm = TimeSpan.FromSeconds(1), SweepInterval = TimeSpan.FromSeconds(0.2) };
            return new Member(await GasTraceNode.StartAsync(options, new NodeStores(line, projections, IsShared: true, link), default), link, line);
        }

        public void CutOff() => line.Severed = true;

        public void Reconnect() => line.Severed = false;

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await node.DisposeAsync();
            await redis.DisposeAsync();
        }
    }
}
