using GasTrace.Cards.Redis;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.Ledger.Storage;
using GasTrace.RespServers;
using GasTrace.Server.Hosting;
using GasTrace.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace GasTrace.Server.Tests.ManyNodes;

/// <summary>Nodes in this process that share a store in memory, typed tables in a file, and a real Redis.</summary>
public sealed class NodeGroup : IAsyncDisposable
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

    public IReadOnlyList<Member> Members => members;

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

    /// <summary>One more node.</summary>
    public async Task<Member> JoinAsync()
    {
        var member = await Member.StartAsync($"node{members.Count + 1}", Store, projections, Redis.Configuration);
        members.Add(member);
        return member;
    }

    public async Task<RegisterCylinderResponse> RegisterAsync(int at = 0) => await members[at].Registry.RegisterCylinderAsync(TestNode.NewCylinder());

    /// <summary>Everything on the record, as a node gives it.</summary>
    public static async Task<List<V1.LedgerEntry>> ReadAllAsync(Member at, long upTo)
    {
        List<V1.LedgerEntry> read = [];
        using var call = at.Supervision.Subscribe(new SubscribeRequest());
        while (read.Count < upTo && await call.ResponseStream.MoveNext(default))
        {
            read.AddRange(call.ResponseStream.Current.Batch?.Entries ?? []);
        }

        return read;
    }

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

    /// <summary>One node, with clients of its own.</summary>
    public sealed class Member : IAsyncDisposable
    {
        private readonly GrpcChannel channel;
        private readonly RedisLink redis;
        private readonly SeveredStore line;

        private Member(GasTraceNode node, RedisLink redis, SeveredStore line)
        {
            Node = node;
            this.redis = redis;
            this.line = line;
            channel = GrpcChannel.ForAddress(node.Address);
            Filling = new FillingService.FillingServiceClient(channel);
            Registry = new RegistryService.RegistryServiceClient(channel);
            Supervision = new SupervisionService.SupervisionServiceClient(channel);
            Health = new Health.HealthClient(channel);
        }

        public GasTraceNode Node { get; }

        public FillingService.FillingServiceClient Filling { get; }

        public RegistryService.RegistryServiceClient Registry { get; }

        public SupervisionService.SupervisionServiceClient Supervision { get; }

        public Health.HealthClient Health { get; }

        public static async Task<Member> StartAsync(string name, InMemoryLedgerStore store, SqliteProjectionStore projections, string redis)
        {
            var line = new SeveredStore(store);
            var link = await RedisLink.ConnectAsync(new RedisOptions(redis) { BreakDuration = TimeSpan.FromSeconds(0.5) }, TimeProvider.System);
            var options = new GasTraceOptions { NodeName = name, Port = 0, MasterKey = new byte[32], LeaseTerm = TimeSpan.FromSeconds(1), SweepInterval = TimeSpan.FromSeconds(0.2) };
            return new Member(await GasTraceNode.StartAsync(options, new NodeStores(line, projections, IsShared: true, link), default), link, line);
        }

        /// <summary>Cuts the node off from the store, as when its machine dies: it renews no lease and hands none back.</summary>
        public void CutOff() => line.Severed = true;

        public void Reconnect() => line.Severed = false;

        public async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync(string service = "") =>
            (await Health.CheckAsync(new HealthCheckRequest { Service = service })).Status;

        public async ValueTask DisposeAsync()
        {
            channel.Dispose();
            await Node.DisposeAsync();
            await redis.DisposeAsync();
        }
    }
}
