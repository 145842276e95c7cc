using GasTrace.V1;
using Grpc.Core;
using static GasTrace.Server.Tests.TestNode;

namespace GasTrace.Server.Tests.ManyNodes;

/// <summary>Several nodes behave as one, whatever becomes of one of them; a class per way of running them.</summary>
public abstract class ManyNodesSuite : IAsyncLifetime
{
    private INodeGroup group = null!; // null when the suite is skipped

    protected abstract Task<INodeGroup> StartAsync(int nodes);

    public async ValueTask InitializeAsync() => group = await StartAsync(3);

    public async ValueTask DisposeAsync()
    {
        if (group is not null)
        {
            await group.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task One_cylinder_scanned_at_all_nodes_at_once_a_thousand_times_over_gets_one_permit_each_time()
    {
        const int Rounds = 1_000;
        await Parallel.ForAsync(0, Rounds, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (round, _) =>
        {
            var cylinder = await group.RegisterAsync(round % 3);
            var answers = await Task.WhenAll(group.Members.Select((node, n) => node.Filling.ScanAsync(NewScan(cylinder.Code, $"G{n + 1}")).ResponseAsync));
            Assert.Single(answers, answer => answer.Permit is not null);
            Assert.All(answers.Where(answer => answer.Permit is null), answer => Assert.Equal("PERMIT_OPEN", Assert.Single(answer.Refusal.Findings).Code));
        });
    }

    [Fact]
    public async Task A_fill_may_go_on_at_another_node_at_every_step()
    {
        var cylinder = await group.RegisterAsync();
        for (var round = 0; round < 12; round++)
        {
            var scan = NewScan(cylinder.Code);
            var permit = (await group.Members[round % 3].Filling.ScanAsync(scan)).Permit.Terms;
            Assert.Equal(permit, (await group.Members[(round + 1) % 3].Filling.ScanAsync(scan)).Permit.Terms);
            await group.Members[(round + 1) % 3].Filling.BeginFillAsync(NewBegin(permit));
            var complete = NewComplete(permit);
            var first = await group.Members[(round + 2) % 3].Filling.CompleteFillAsync(complete);
            Assert.Equal(first, await group.Members[round % 3].Filling.CompleteFillAsync(complete));
            Assert.Empty(first.Violations);
        }
    }

    [Fact]
    public async Task What_one_node_has_acknowledged_holds_at_every_other_at_once_and_is_read_there_soon()
    {
        for (var round = 0; round < 20; round++)
        {
            var cylinder = await group.RegisterAsync(round % 3);
            await Task.WhenAll(group.Members.Select(node => node.Registry.GetCylinderAsync(new GetCylinderRequest { CylinderId = cylinder.CylinderId }).ResponseAsync));
            await group.Members[round % 3].Registry.BlacklistAsync(new BlacklistRequest { RequestId = NewId(), ActorId = "A1", CylinderId = cylinder.CylinderId, Reason = "stolen" });
            var answers = await Task.WhenAll(group.Members.Select((node, n) => node.Filling.ScanAsync(NewScan(cylinder.Code, $"G{n + 1}")).ResponseAsync));
            Assert.All(answers, answer => Assert.Equal("CYLINDER_BLACKLISTED", Assert.Single(answer.Refusal.Findings).Code));
            foreach (var node in group.Members)
            {
                while ((await node.Registry.GetCylinderAsync(new GetCylinderRequest { CylinderId = cylinder.CylinderId })).Cylinder.Holds.Count == 0)
                {
                    await Task.Yield();
                }
            }
        }
    }

    [Fact]
    public async Task A_suspension_at_one_node_stops_every_other()
    {
        var cylinder = await group.RegisterAsync();
        await group.Members[1].Filling.VerifyAsync(new VerifyRequest { Scanned = cylinder.Code });
        await group.Members[0].Registry.SuspendStationAsync(new SuspendStationRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", Status = StationStatus.Suspended, Reason = "unsafe" });
        var answer = await group.Members[1].Filling.ScanAsync(NewScan(cylinder.Code));
        Assert.Contains("STATION_SUSPENDED", answer.Refusal.Findings.Select(finding => finding.Code));
        await group.Members[2].Registry.ResumeStationAsync(new ResumeStationRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", Reason = "repaired" });
        Assert.NotNull((await group.Members[0].Filling.ScanAsync(NewScan(cylinder.Code))).Permit);
    }

    [Fact]
    public async Task Every_node_gives_the_same_record_in_the_same_order()
    {
        await Parallel.ForAsync(0, 60, async (n, _) => await group.RegisterAsync(n % 3));
        var head = await HeadAsync();
        var records = await Task.WhenAll(group.Members.Select(node => node.ReadAllAsync(head)));
        Assert.Equal(Enumerable.Range(0, (int)head).Select(n => (long)n), records[0].Select(entry => entry.Position));
        Assert.Equal(records[0], records[1]);
        Assert.Equal(records[0], records[2]);
    }

    [Fact]
    public async Task A_follower_goes_on_at_another_node_with_what_it_holds()
    {
        await group.RegisterAsync();
        var head = await HeadAsync();
        foreach (var node in group.Members)
        {
            using var call = node.Supervision.Subscribe(new SubscribeRequest { NextPosition = head });
            Assert.True(await call.ResponseStream.MoveNext(default));
            Assert.Equal(head, call.ResponseStream.Current.Started.NextPosition);
        }
    }

    [Fact]
    public async Task A_cursor_is_confirmed_at_another_node_and_taken_by_a_reader_at_another()
    {
        var cylinder = await group.RegisterAsync();
        using var first = group.Members[0].Supervision.Subscribe(new SubscribeRequest { Cursor = "bureau", Heartbeat = new() { Seconds = 1 } });
        long given = 0;
        while (given < 5 && await first.ResponseStream.MoveNext(default))
        {
            given = first.ResponseStream.Current.Batch?.NextPosition ?? given;
        }

        Assert.Equal(given, (await group.Members[1].Supervision.AcknowledgeAsync(new AcknowledgeRequest { Cursor = "bureau", NextPosition = given })).NextPosition);
        Assert.Equal((StatusCode.FailedPrecondition, "CURSOR_BACKWARDS"), await Reason(() => group.Members[2].Supervision.AcknowledgeAsync(new AcknowledgeRequest { Cursor = "bureau", NextPosition = given - 1 }).ResponseAsync));
        Assert.Equal((StatusCode.FailedPrecondition, "CURSOR_NOT_GIVEN"), await Reason(() => group.Members[2].Supervision.AcknowledgeAsync(new AcknowledgeRequest { Cursor = "bureau", NextPosition = 1_000 }).ResponseAsync));
        using var second = group.Members[2].Supervision.Subscribe(new SubscribeRequest { Cursor = "bureau" });
        Assert.True(await second.ResponseStream.MoveNext(default));
        Assert.Equal(given, second.ResponseStream.Current.Started.NextPosition);
        Assert.Equal((StatusCode.Aborted, "CURSOR_TAKEN"), await Reason(async () =>
        {
            while (await first.ResponseStream.MoveNext(default))
            {
            }
        }));
        Assert.NotEmpty(cylinder.Code);
    }

    [Fact]
    public async Task When_the_node_that_projects_and_sweeps_is_cut_off_another_does_it()
    {
        await group.RegisterAsync();
        await ProjectedAsync(group.Members[0]);
        for (var victim = 0; victim < 3; victim++)
        {
            // One of them holds the leases: whichever is cut off, the others go on.
            await group.CutOffAsync(victim);
            var (one, other) = (group.Members[(victim + 1) % 3], group.Members[(victim + 2) % 3]);
            var cylinder = await one.Registry.RegisterCylinderAsync(NewCylinder());
            await ProjectedAsync(other);
            Assert.NotEmpty((await other.Registry.GetHistoryAsync(new GetHistoryRequest { CylinderId = cylinder.CylinderId })).Entries);
            await group.ReconnectAsync(victim);
        }
    }

    // What any node has acknowledged, some node has heard of.
    private async Task<long> HeadAsync() => (await Task.WhenAll(group.Members.Select(async node =>
    {
        try
        {
            return await node.HeadAsync();
        }
        catch (RpcException)
        {
            return 0;
        }
    }))).Max();

    private async Task ProjectedAsync(NodeClient at)
    {
        var head = await HeadAsync();
        while ((await at.Supervision.StatisticsAsync(new StatisticsRequest())).CountedUpTo < head)
        {
            await Task.Yield();
        }
    }

    private static async Task<(StatusCode, string)> Reason(Func<Task> call)
    {
        var (code, reason, _, _) = await FailureOf(call);
        return (code, reason);
    }
}
