using GasTrace.Cards.Redis;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.LoadTests.Scenarios;
using GasTrace.Server.Hosting;
using GasTrace.TestServers;

namespace GasTrace.LoadTests.Phases;

/// <summary>
/// Nodes of this process that share one embedded store, as they would a database server, and a Redis: what sharing costs, without
/// the server's own cost.
/// </summary>
internal sealed class SharedNodes : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-load-");
    private readonly List<RedisLink> links = [];
    private readonly List<GasTraceNode> nodes = [];
    private SqliteLedgerStore? store;
    private SqliteProjectionStore? projections;
    private RespServer? redis;

    private SharedNodes()
    {
    }

    public IReadOnlyList<string> Addresses => nodes.ConvertAll(node => node.Address);

    public static async Task<SharedNodes> StartAsync(LoadSettings settings, City city, CancellationToken cancellationToken)
    {
        var shared = new SharedNodes();
        try
        {
            var options = new SqliteOptions(shared.folder.FullName);
            await PreparedStore.CopyAsync(settings, city, options.Folder, cancellationToken);
            shared.store = SqliteLedgerStore.Open(options);
            shared.projections = SqliteProjectionStore.Open(options);
            shared.redis = await RespServer.StartAnyAsync();
            for (var n = 0; n < settings.Nodes; n++)
            {
                var link = await RedisLink.ConnectAsync(new RedisOptions(shared.redis.Configuration), TimeProvider.System);
                shared.links.Add(link);
                var node = new GasTraceOptions { NodeName = $"node{n}", Port = 0, MasterKey = new byte[32] };
                shared.nodes.Add(await GasTraceNode.StartAsync(node, new NodeStores(shared.store, shared.projections, IsShared: true, link), cancellationToken));
            }

            return shared;
        }
        catch
        {
            // A copy of the store is large: it must not stay behind.
            await shared.DisposeAsync();
            throw;
        }
    }

    public Task StopRedisAsync() => redis!.StopAsync();

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

        foreach (var one in (IAsyncDisposable?[])[projections, store, redis])
        {
            await (one?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        folder.Delete(recursive: true);
    }
}
