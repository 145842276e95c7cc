using GasTrace.Server.Hosting;
using GasTrace.Terminal;
using GasTrace.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.Time.Testing;
using static GasTrace.Server.Tests.TestNode;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace GasTrace.Server.Tests;

public sealed class SupervisionTests : IAsyncLifetime
{
    private TestNode node = null!;

    public async ValueTask InitializeAsync() => node = await StartAsync();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task History_comes_first_then_live_each_entry_once_in_order()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => node.RegisterAsync()));
        using var call = node.Supervision.Subscribe(new SubscribeRequest { BatchEntriesMax = 50 });
        List<long> positions = [];
        var live = false;
        Task? more = null;
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            positions.AddRange(response.Batch?.Entries.Select(entry => entry.Position) ?? []);
            if (response.CaughtUp is not null && !live)
            {
                live = true;
                more = Task.WhenAll(Enumerable.Range(0, 300).Select(_ => node.RegisterAsync()));
            }

            if (positions.Count >= 604)
            {
                break;
            }
        }

        await more!;
        Assert.Equal(Enumerable.Range(0, 604).Select(n => (long)n), positions);
    }

    [Fact]
    public async Task What_is_sent_are_the_bytes_that_were_stored()
    {
        var cylinder = await node.RegisterAsync();
        using var call = node.Supervision.Subscribe(new SubscribeRequest { NextPosition = cylinder.Position });
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            if (response.Batch is { } batch)
            {
                var got = await node.Supervision.GetEntryAsync(new GetEntryRequest { Position = cylinder.Position });
                Assert.Equal(got.Entry, batch.Entries[0]);
                Assert.Equal(cylinder.Position + 1, batch.NextPosition);
                return;
            }
        }
    }

    [Theory]
    [InlineData("kind", 1)]
    [InlineData("region", 0)]
    [InlineData("station", 4)]
    [InlineData("gas", 3)]
    [InlineData("cylinder", 1)]
    public async Task A_filter_leaves_out_and_the_cursor_moves_all_the_same(string by, int expected)
    {
        var cylinder = await node.RegisterAsync();
        var filter = by switch
        {
            "kind" => new EntryFilter { Kinds = { "station_put" } },
            "region" => new EntryFilter { RegionPrefixes = { "33" } },
            "station" => new EntryFilter { StationIds = { "S1" } },
            "gas" => new EntryFilter { Gases = { "LPG" } },
            _ => new EntryFilter { CylinderIds = { cylinder.CylinderId } },
        };
        var head = await node.HeadAsync();
        var entries = 0;
        using var call = node.Supervision.Subscribe(new SubscribeRequest { Filter = filter });
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            entries += response.Batch?.Entries.Count ?? 0;
            if (response.CaughtUp is { } caught)
            {
                Assert.Equal((head, expected), (caught.NextPosition, entries));
                return;
            }
        }
    }

    [Fact]
    public async Task Heartbeats_come_when_nothing_else_does()
    {
        using var call = node.Supervision.Subscribe(new SubscribeRequest { Edge = Edge.Head, Heartbeat = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
        var beats = 0;
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            beats += response.Progress is null ? 0 : 1;
            if (beats == 2)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task Live_entries_that_come_fast_share_a_message_and_the_first_after_a_rest_goes_at_once()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var still = await StartAsync(options => options with { Time = clock });
        using var call = await LiveAsync(still, new SubscribeRequest { Edge = Edge.Head });
        await still.RegisterAsync();
        Assert.Equal(1, await NextEntriesAsync(call));
        await still.RegisterAsync();
        await still.RegisterAsync();
        await still.RegisterAsync();
        clock.Advance(ServerLimits.LiveGathering);
        Assert.Equal(3, await NextEntriesAsync(call));
        clock.Advance(ServerLimits.LiveGathering);
        await still.RegisterAsync();
        Assert.Equal(1, await NextEntriesAsync(call));
    }

    [Fact]
    public async Task A_full_message_is_followed_at_once_by_the_next()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var still = await StartAsync(options => options with { Time = clock });
        using var call = await LiveAsync(still, new SubscribeRequest { Edge = Edge.Head, BatchEntriesMax = 1 });
        await still.RegisterAsync();
        await still.RegisterAsync();
        await still.RegisterAsync();
        for (var message = 0; message < 3; message++)
        {
            Assert.Equal(1, await NextEntriesAsync(call));
        }
    }

    [Fact]
    public async Task Positions_that_cannot_be_are_refused()
    {
        var head = await node.HeadAsync();
        Assert.Equal((StatusCode.OutOfRange, "BEYOND_HEAD"), await EndOf(new SubscribeRequest { NextPosition = head + 1 }));
        Assert.Equal((StatusCode.FailedPrecondition, "LEDGER_MISMATCH"), await EndOf(new SubscribeRequest { LedgerId = "another" }));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), await EndOf(new SubscribeRequest { NextPosition = -1 }));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), await EndOf(new SubscribeRequest { Cursor = "no spaces" }));
        Assert.Equal((StatusCode.InvalidArgument, "FIELD_INVALID"), await EndOf(new SubscribeRequest { Filter = new EntryFilter { Kinds = { "gossip" } } }));
        Assert.Equal(StatusCode.OutOfRange, (await FailureOf(() => node.Supervision.GetEntryAsync(new GetEntryRequest { Position = head }).ResponseAsync)).Code);
    }

    [Fact]
    public async Task A_cursor_goes_neither_back_nor_beyond_what_it_was_given_and_survives_a_restart()
    {
        await Assert.ThrowsAsync<RpcException>(() => AcknowledgeAsync(1));
        using (var call = node.Supervision.Subscribe(new SubscribeRequest { Cursor = "province" }))
        {
            await foreach (var response in call.ResponseStream.ReadAllAsync())
            {
                if (response.Batch is { } batch)
                {
                    Assert.Equal(3, await AcknowledgeAsync(3));
                    Assert.Equal(3, await AcknowledgeAsync(3));
                    Assert.Equal("CURSOR_BACKWARDS", (await FailureOf(() => AcknowledgeAsync(2))).Reason);
                    Assert.Equal("CURSOR_NOT_GIVEN", (await FailureOf(() => AcknowledgeAsync(batch.NextPosition + 1))).Reason);
                    break;
                }
            }
        }

        await node.RestartAsync();
        using var resumed = node.Supervision.Subscribe(new SubscribeRequest { Cursor = "province" });
        await resumed.ResponseStream.MoveNext(default);
        Assert.Equal(3, resumed.ResponseStream.Current.Started.NextPosition);
    }

    [Fact]
    public async Task What_was_given_on_a_cursor_is_known_after_the_end_of_its_subscription_and_of_many_that_ended_for_the_latest()
    {
        // Ends reach the service a little later than the next calls.
        const int StillEnding = 200;
        await ReadAsync("province");
        for (var n = 0; n < ServerLimits.EndedCursorsMax + StillEnding; n++)
        {
            using var call = node.Supervision.Subscribe(new SubscribeRequest { Cursor = $"other-{n}" });
            await call.ResponseStream.MoveNext(default);
        }

        Assert.Equal("CURSOR_NOT_GIVEN", (await FailureOf(() => AcknowledgeAsync(3))).Reason);
        await ReadAsync("province");
        Assert.Equal(3, await AcknowledgeAsync(3));

        async Task ReadAsync(string cursor)
        {
            using var call = node.Supervision.Subscribe(new SubscribeRequest { Cursor = cursor });
            while (call.ResponseStream.Current?.Batch is null)
            {
                Assert.True(await call.ResponseStream.MoveNext(default));
            }
        }
    }

    [Fact]
    public async Task The_newest_reader_of_a_cursor_wins_and_the_older_is_told()
    {
        using var older = node.Supervision.Subscribe(new SubscribeRequest { Cursor = "shared" });
        await older.ResponseStream.MoveNext(default);
        using var newer = node.Supervision.Subscribe(new SubscribeRequest { Cursor = "shared" });
        await newer.ResponseStream.MoveNext(default);
        var failure = await FailureOf(() => DrainAsync(older));
        Assert.Equal((StatusCode.Aborted, "CURSOR_TAKEN"), (failure.Code, failure.Reason));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_slows_nobody_and_loses_nothing()
    {
        using var idle = node.Supervision.Subscribe(new SubscribeRequest());
        await idle.ResponseStream.MoveNext(default);
        for (var round = 0; round < 6; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => node.RegisterAsync()));
        }

        List<long> positions = [];
        while (positions.Count < 3_004 && await idle.ResponseStream.MoveNext(default))
        {
            positions.AddRange(idle.ResponseStream.Current.Batch?.Entries.Select(entry => entry.Position) ?? []);
        }

        Assert.Equal(Enumerable.Range(0, 3_004).Select(n => (long)n), positions);
    }

    [Fact]
    public async Task A_shutdown_ends_open_streams_with_a_reason_and_a_follower_resumes()
    {
        using var call = node.Supervision.Subscribe(new SubscribeRequest { Edge = Edge.Head });
        await call.ResponseStream.MoveNext(default);
        var ending = FailureOf(() => DrainAsync(call));
        var watched = new Health.HealthClient(node.Channel).Watch(new HealthCheckRequest());
        await watched.ResponseStream.MoveNext(default);
        var began = TimeProvider.System.GetTimestamp();
        await node.Node.DisposeAsync();
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(8), "open streams must not hold up the shutdown");
        var failure = await ending;
        Assert.Equal((StatusCode.Unavailable, "SERVER_SHUTTING_DOWN", true), (failure.Code, failure.Reason, failure.Retry));
        await node.RestartAsync();
    }

    [Fact]
    public async Task Search_finds_by_kind_reason_place_and_time_page_by_page()
    {
        var from = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMinutes(-1));
        for (var n = 0; n < 7; n++)
        {
            await node.Filling.ScanAsync(NewScan("ABC"));
        }

        await node.ProjectedAsync();
        var request = new SearchRequest { Kind = "scan_refused", FindingCode = "CODE_MALFORMED", StationId = "S1", RegionPrefix = "32", From = from, PageSize = 3 };
        List<long> positions = [];
        do
        {
            var page = await node.Supervision.SearchAsync(request);
            positions.AddRange(page.Entries.Select(entry => entry.Position));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(7, positions.Count);
        Assert.Equal(positions.OrderDescending(), positions);
        Assert.Empty((await node.Supervision.SearchAsync(new SearchRequest { FindingCode = "OVERFILLED" })).Entries);
        Assert.Equal(StatusCode.InvalidArgument, (await FailureOf(() => node.Supervision.SearchAsync(new SearchRequest { PageToken = "x" }).ResponseAsync)).Code);
    }

    [Fact]
    public async Task Statistics_count_what_the_ledger_holds()
    {
        var cylinder = await node.RegisterAsync();
        var permit = (await node.Filling.ScanAsync(NewScan(cylinder.Code))).Permit.Terms;
        await node.Filling.CompleteFillAsync(NewComplete(permit, 40_000));
        await node.Filling.ScanAsync(NewScan("ABC"));
        await node.ProjectedAsync();
        var day = Assert.Single((await node.Supervision.StatisticsAsync(new StatisticsRequest { RegionPrefix = "3201" })).Days);
        Assert.Equal((2L, 1L, 1L, 1L, 1L, 1L, 23_500L), (day.Scans, day.Permits, day.Refusals, day.Completed, day.Fills, day.Violations, day.NetMassG));
        Assert.Equal(1, day.RefusalsByCode["CODE_MALFORMED"]);
        var first = await node.Supervision.StatisticsAsync(new StatisticsRequest { PageSize = 1 });
        Assert.Equal((day, true), (Assert.Single(first.Days), first.NextPageToken.Length > 0));
        var second = await node.Supervision.StatisticsAsync(new StatisticsRequest { PageSize = 1, PageToken = first.NextPageToken });
        Assert.Equal((0, string.Empty), (second.Days.Count, second.NextPageToken));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("2026-11-31/S1")]
    [InlineData("2026-11-23/")]
    [InlineData("2026-11-23 S1")]
    public async Task A_page_of_statistics_goes_on_from_a_token_of_ours_only(string token)
    {
        var failure = await FailureOf(() => node.Supervision.StatisticsAsync(new StatisticsRequest { PageToken = token }).ResponseAsync);
        Assert.Equal((StatusCode.InvalidArgument, "page_token"), (failure.Code, Assert.Single(failure.Bad!.FieldViolations).Field));
    }

    [Fact]
    public async Task Standard_tools_find_health_and_reflection()
    {
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(node.Channel).CheckAsync(new HealthCheckRequest())).Status);
        using var call = new ServerReflection.ServerReflectionClient(node.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = string.Empty });
        await call.ResponseStream.MoveNext(default);
        var services = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name);
        Assert.Superset(new HashSet<string> { "gastrace.v1.FillingService", "gastrace.v1.RegistryService", "gastrace.v1.SupervisionService" }, services.ToHashSet());
    }

    [Fact]
    public async Task A_start_by_time_finds_what_was_recorded_since()
    {
        var since = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMinutes(-5));
        using var call = node.Supervision.Subscribe(new SubscribeRequest { RecordedSince = since });
        await call.ResponseStream.MoveNext(default);
        Assert.Equal(0, call.ResponseStream.Current.Started.NextPosition);
        using var future = node.Supervision.Subscribe(new SubscribeRequest { RecordedSince = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddHours(1)) });
        await future.ResponseStream.MoveNext(default);
        Assert.Equal(await node.HeadAsync(), future.ResponseStream.Current.Started.NextPosition);
    }

    [Fact]
    public void Limits_stand_in_their_relations()
    {
        Assert.True(ServerLimits.BatchBytesMin > Ledger.LedgerLimits.EntryBytesMax);
        Assert.True(ServerLimits.BatchBytesMax >= ServerLimits.BatchBytesDefault && ServerLimits.BatchBytesDefault >= ServerLimits.BatchBytesMin);
        Assert.True(ServerLimits.BatchEntriesMax <= Ledger.LedgerLimits.ReadEntriesMax);
        Assert.True(ServerLimits.HeartbeatDefault < ServerLimits.HeartbeatMax && ServerLimits.HeartbeatMin < ServerLimits.HeartbeatDefault);
        Assert.True(ServerLimits.LiveGathering < ServerLimits.HeartbeatMin);
        Assert.True(ServerLimits.StationInFlightMax >= ServerLimits.StationCommandsMax);
    }

    private static async Task DrainAsync(AsyncServerStreamingCall<SubscribeResponse> call)
    {
        await foreach (var _ in call.ResponseStream.ReadAllAsync())
        {
        }
    }

    // Ended by its deadline: on a clock that stands still, what is not sent would be waited for without end.
    private static async Task<AsyncServerStreamingCall<SubscribeResponse>> LiveAsync(TestNode node, SubscribeRequest request)
    {
        var call = node.Supervision.Subscribe(request, deadline: TimeProvider.System.GetUtcNow().AddSeconds(30).UtcDateTime);
        while (call.ResponseStream.Current?.CaughtUp is null)
        {
            Assert.True(await call.ResponseStream.MoveNext(default));
        }

        return call;
    }

    private static async Task<int> NextEntriesAsync(AsyncServerStreamingCall<SubscribeResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(default));
        return call.ResponseStream.Current.Batch.Entries.Count;
    }

    private async Task<long> AcknowledgeAsync(long next) =>
        (await node.Supervision.AcknowledgeAsync(new AcknowledgeRequest { Cursor = "province", NextPosition = next })).NextPosition;

    private async Task<(StatusCode, string)> EndOf(SubscribeRequest request)
    {
        using var call = node.Supervision.Subscribe(request);
        var failure = await FailureOf(() => DrainAsync(call));
        return (failure.Code, failure.Reason);
    }
}
