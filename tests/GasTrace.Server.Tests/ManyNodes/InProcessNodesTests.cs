using GasTrace.V1;
using Grpc.Core;
using static GasTrace.Server.Tests.TestNode;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace GasTrace.Server.Tests.ManyNodes;

/// <summary>The suite on nodes in this process, with a store in memory that can be taken away.</summary>
public sealed class InProcessNodesTests : ManyNodesSuite
{
    private NodeGroup group = null!;

    protected override async Task<INodeGroup> StartAsync(int nodes) => group = await NodeGroup.StartAsync(nodes);

    [Fact]
    public async Task While_the_store_is_away_callers_are_told_to_try_again_and_everything_recovers_by_itself()
    {
        var cylinder = await ((INodeGroup)group).RegisterAsync();
        Assert.Equal(ServingStatus.Serving, await group.Members[1].HealthAsync());
        group.Store.Outage = "away";
        var scan = NewScan(cylinder.Code);
        var failure = await FailureOf(() => group.Members[1].Filling.ScanAsync(scan).ResponseAsync);
        Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE", true), (failure.Code, failure.Reason, failure.Retry));
        Assert.Equal(ServingStatus.NotServing, await group.Members[1].HealthAsync());
        group.Store.Outage = null;
        Assert.Equal(ServingStatus.Serving, await group.Members[1].HealthAsync());
        Assert.NotNull((await group.Members[1].Filling.ScanAsync(scan)).Permit);
    }

    [Fact]
    public async Task A_cursor_is_confirmed_at_a_node_that_has_not_heard_of_what_was_given()
    {
        // Without Redis nobody tells a node that the head has moved: it looks by itself, now and then.
        await group.Redis.StopAsync();
        using var call = group.Members[0].Supervision.Subscribe(new SubscribeRequest { Cursor = "bureau" });
        for (var round = 0; round < 20; round++)
        {
            await ((INodeGroup)group).RegisterAsync();
            var head = await group.Store.GetHeadAsync(default);
            long given = 0;
            while (given < head && await call.ResponseStream.MoveNext(default))
            {
                given = call.ResponseStream.Current.Batch?.NextPosition ?? given;
            }

            Assert.Equal(head, (await group.Members[1].Supervision.AcknowledgeAsync(new AcknowledgeRequest { Cursor = "bureau", NextPosition = given })).NextPosition);
        }
    }
}
