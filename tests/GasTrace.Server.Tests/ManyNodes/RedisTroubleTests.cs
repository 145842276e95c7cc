using GasTrace.TestServers;
using GasTrace.V1;
using StackExchange.Redis;
using static GasTrace.Server.Tests.TestNode;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace GasTrace.Server.Tests.ManyNodes;

/// <summary>Safety never rests on Redis: whatever becomes of it, every answer is right.</summary>
public sealed class RedisTroubleTests : IAsyncLifetime
{
    private const int Cylinders = 24;
    private NodeGroup group = null!;

    private INodeGroup Group => group;

    public async ValueTask InitializeAsync() => group = await NodeGroup.StartAsync(3);

    public ValueTask DisposeAsync() => group.DisposeAsync();

    [Fact]
    public async Task Stopped_flushed_frozen_and_restarted_under_load_no_answer_is_wrong()
    {
        var cylinders = await Task.WhenAll(Enumerable.Range(0, Cylinders).Select(n => Group.RegisterAsync(n % 3)));
        var enough = false;
        var done = 0;
        var guns = Enumerable.Range(0, 8).Select(gun => FillAsync(gun, cylinders, () => Interlocked.Increment(ref done), () => Volatile.Read(ref enough))).ToArray();
        Func<Task>[] troubles =
        [
            group.Redis.FlushAsync, group.Redis.StopAsync, group.Redis.StartAsync, FreezeAsync, ResumeAsync, group.Redis.FlushAsync, RestartAsync,
        ];
        foreach (var trouble in troubles)
        {
            var reached = Volatile.Read(ref done) + 60;
            while (Volatile.Read(ref done) < reached)
            {
                await Task.Yield();
            }

            await trouble();
        }

        Volatile.Write(ref enough, true);
        await Task.WhenAll(guns);
        AssertOnePermitAtATime(await group.Members[0].ReadAllAsync(await group.Store.GetHeadAsync(default)));
    }

    [Fact]
    public async Task Rewound_to_what_it_held_before_no_second_permit_is_given()
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync(group.Redis.Configuration + ",allowAdmin=true");
        for (var round = 0; round < 20; round++)
        {
            var cylinder = await Group.RegisterAsync();
            await group.Members[1].Filling.VerifyAsync(new VerifyRequest { Scanned = cylinder.Code });
            var before = await SnapshotAsync(admin);
            var permit = (await group.Members[0].Filling.ScanAsync(NewScan(cylinder.Code))).Permit.Terms;
            await RewindAsync(admin, before);
            Assert.All(
                await Task.WhenAll(group.Members.Select((node, n) => node.Filling.ScanAsync(NewScan(cylinder.Code, $"G{n + 2}")).ResponseAsync)),
                answer => Assert.Equal("PERMIT_OPEN", Assert.Single(answer.Refusal.Findings).Code));
            await RewindAsync(admin, before);
            await group.Members[1].Filling.BeginFillAsync(NewBegin(permit));
            var begun = await SnapshotAsync(admin);
            await group.Members[2].Filling.CompleteFillAsync(NewComplete(permit));
            await RewindAsync(admin, begun);
            Assert.Equal(
                ViolationCode.PermitConsumed,
                Assert.Single((await group.Members[0].Filling.CompleteFillAsync(NewComplete(permit, 30_000))).Violations, finding => finding.Violation == ViolationCode.PermitConsumed).Violation);
            await RewindAsync(admin, before);
            await group.Members[0].Registry.BlacklistAsync(new BlacklistRequest { RequestId = NewId(), ActorId = "A1", CylinderId = cylinder.CylinderId, Reason = "stolen" });
            await RewindAsync(admin, before);
            Assert.Contains("CYLINDER_BLACKLISTED", (await group.Members[1].Filling.ScanAsync(NewScan(cylinder.Code))).Refusal.Findings.Select(finding => finding.Code));
        }
    }

    [Fact]
    public async Task That_redis_is_away_is_seen_in_its_own_health_and_not_in_the_services()
    {
        while (await group.Members[0].HealthAsync("cards") != ServingStatus.Serving)
        {
            await Task.Yield();
        }

        await group.Redis.StopAsync();
        while (await group.Members[0].HealthAsync("cards") == ServingStatus.Serving)
        {
            await Group.RegisterAsync();
        }

        Assert.Equal(ServingStatus.Serving, await group.Members[0].HealthAsync());
        var cylinder = await Group.RegisterAsync();
        Assert.NotNull((await group.Members[0].Filling.ScanAsync(NewScan(cylinder.Code))).Permit);
    }

    private static void AssertOnePermitAtATime(List<V1.LedgerEntry> record)
    {
        Dictionary<string, string> open = [];
        HashSet<string> used = [];
        foreach (var happened in record.Select(entry => entry.Event))
        {
            if (happened.PermitIssued is { } issued)
            {
                Assert.True(open.TryAdd(happened.Subject, issued.Terms.PermitId), $"{happened.Subject} has two permits open");
            }
            else if (happened.FillCompleted is { ConsumesPermit: true } fill)
            {
                Assert.True(open.Remove(happened.Subject, out var permit) && permit == fill.Report.PermitId && used.Add(permit));
            }
            else if (happened.FillAborted is not null || happened.PermitExpired is not null)
            {
                Assert.True(open.Remove(happened.Subject));
            }
        }

        Assert.NotEmpty(used);
    }

    // Each step at another node; cylinders are shared by all guns, so many scans are refused.
    private async Task FillAsync(int gun, RegisterCylinderResponse[] cylinders, Action done, Func<bool> enough)
    {
        var random = new Random(gun);
        while (!enough())
        {
            var scan = NewScan(cylinders[random.Next(cylinders.Length)].Code, $"G{gun + 1}");
            var answer = await AnyNode(random).Filling.ScanAsync(scan);
            Assert.Equal(answer.Position, (await AnyNode(random).Filling.ScanAsync(scan)).Position);
            if (answer.Permit is null)
            {
                Assert.Equal("PERMIT_OPEN", Assert.Single(answer.Refusal.Findings).Code);
            }
            else
            {
                await AnyNode(random).Filling.BeginFillAsync(NewBegin(answer.Permit.Terms));
                Assert.Empty((await AnyNode(random).Filling.CompleteFillAsync(NewComplete(answer.Permit.Terms))).Violations);
            }

            done();
        }
    }

    private NodeClient AnyNode(Random random) => group.Members[random.Next(group.Members.Count)];

    private Task FreezeAsync()
    {
        (group.Redis as RedisServer)?.Freeze();
        return Task.CompletedTask;
    }

    private Task ResumeAsync()
    {
        (group.Redis as RedisServer)?.Resume();
        return Task.CompletedTask;
    }

    private async Task RestartAsync()
    {
        await group.Redis.StopAsync();
        await group.Redis.StartAsync();
    }

    private static async Task<Dictionary<RedisKey, RedisValue>> SnapshotAsync(ConnectionMultiplexer admin)
    {
        var keys = admin.GetServers()[0].Keys().Where(key => !key.ToString().EndsWith(":head", StringComparison.Ordinal)).ToArray();
        var values = await admin.GetDatabase().StringGetAsync(keys);
        return keys.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private static Task RewindAsync(ConnectionMultiplexer admin, Dictionary<RedisKey, RedisValue> before) =>
        Task.WhenAll(before.Select(one => admin.GetDatabase().StringSetAsync(one.Key, one.Value)));
}
