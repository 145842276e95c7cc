using GasTrace.Cards.Redis;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.LoadTests.Scenarios;
using GasTrace.Server.Hosting;
using GasTrace.TestServers;

namespace GasTrace.LoadTests.Phases;

/// <summary>Nodes of this process that share a store in memory and a Redis: what sharing costs, without a database server's own cost.</summary>
internal sealed class SharedNodes : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-load-");
    private readonly InMemoryLedgerStore store = new();
    private readonly List<RedisLink> links = [];
    private readonly List<GasTraceNode> nodes = [];
    private SqliteProjectionStore projections = null!;
    private RespServer redis = null!;

    private SharedNodes()
    {
    }

    public IReadOnlyList<string> Addresses => nodes.ConvertAll(node => node.Address);

    public static async Task<SharedNodes> StartAsync(int count, City city, CancellationToken cancellationToken)
    {
        var shared = new SharedNodes();
        await new RegisterWriter(city).WriteAsync(shared.store, new Progress<int>(), cancellationToken);
        shared.redis = await RespServer.StartAnyAsync();
        shared.projections = SqliteProjectionStore.Open(new SqliteOptions(shared.folder.FullName));
        for (var n = 0; n < count; n++)
        {
            var link = await RedisLink.ConnectAsync(new RedisOptions(shared.redis.Configuration), TimeProvider.System);
            shared.links.Add(link);
            var options = new GasTraceOptions { NodeName = $"node{n}", Port = 0, MasterKey = new byte[32] };
            shared.nodes.Add(await GasTraceNode.StartAsync(options, new NodeStores(shared.store, shared.projections, IsShared: true, link), cancellationToken));
        }

        return shared;
    }

    public Task StopRedisAsync() => redis.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var link in links)
        {
            await link.DisposeAsync();
        }

        await projections.DisposeAsync();
        await redis.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
