using GasTrace.Domain.Deciding;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.TestServers;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace GasTrace.Cards.Redis.Tests;

/// <summary>What the shared cache keeps of its promises on any server that speaks Redis' protocol; a class per server.</summary>
public abstract class RedisSuite : IAsyncLifetime
{
    private readonly InMemoryLedgerStore store = new();
    private readonly List<IAsyncDisposable> opened = [];

    protected abstract RespServer Server { get; }

    private RedisLink Link { get; set; } = null!;

    private RedisCards Cards { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Server is not GarnetInProcess)
        {
            Assert.SkipUnless(RedisServer.IsInstalled, "There is no redis-server on this machine.");
        }

        await Server.StartAsync();
        (Link, Cards, _) = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in opened)
        {
            await one.DisposeAsync();
        }

        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_card_is_found_as_it_was_offered_and_an_absent_one_as_absent()
    {
        var state = new byte[1_000];
        Random.Shared.NextBytes(state);
        Assert.True(await Cards.OfferAsync([new(new("cylinder:气瓶 1"), long.MaxValue, state), new(new("cylinder:2"), 0, default)]));
        var found = await Cards.GetAsync([new("cylinder:3"), new("cylinder:2"), new("cylinder:气瓶 1")], default);
        Assert.Null(found[0]);
        Assert.Equal((0L, 0), (found[1]!.Value.Version, found[1]!.Value.State.Length));
        Assert.Equal(long.MaxValue, found[2]!.Value.Version);
        Assert.Equal(state, found[2]!.Value.State.ToArray());
        Assert.Equal("cylinder:2", Assert.Single(await Cards.GetAsync([new("cylinder:2")], default))!.Value.Key.Value);
    }

    [Fact]
    public async Task The_newest_version_wins_in_whatever_order_and_from_whatever_node_it_comes()
    {
        var (_, others, _) = await OpenAsync();
        foreach (var round in Enumerable.Range(0, 20))
        {
            var key = new CardKey($"cylinder:{round}");
            var versions = Enumerable.Range(1, 60).ToArray();
            Random.Shared.Shuffle(versions);
            await Task.WhenAll(versions.Select(async version =>
                await (version % 2 == 0 ? Cards : others).OfferAsync([new(key, version, BitConverter.GetBytes(version))])));
            var found = (await Cards.GetAsync([key], default))[0]!.Value;
            Assert.Equal((60L, 60), (found.Version, BitConverter.ToInt32(found.State.Span)));
        }
    }

    [Fact]
    public async Task Of_cards_that_are_offered_together_each_is_taken_in_unless_it_is_older()
    {
        await Cards.OfferAsync([new(new("cylinder:1"), 5, new byte[] { 5 }), new(new("cylinder:2"), 5, new byte[] { 5 })]);
        Assert.True(await Cards.OfferAsync(
            [new(new("cylinder:1"), 4, new byte[] { 4 }), new(new("cylinder:2"), 6, new byte[] { 6 }), new(new("cylinder:2"), 7, new byte[] { 7 }), new(new("cylinder:3"), 1, new byte[] { 1 })]));
        var found = await Cards.GetAsync([new("cylinder:1"), new("cylinder:2"), new("cylinder:3")], default);
        Assert.Equal([5L, 7L, 1L], found.Select(card => card!.Value.Version));
    }

    [Fact]
    public async Task What_is_no_text_is_replaced_and_keeps_no_other_card_out()
    {
        await Link.Database.ListRightPushAsync(await KeyOfAsync("cylinder:1"), "none of ours");
        Assert.Null((await Cards.GetAsync([new("cylinder:1"), new("cylinder:2")], default))[0]);
        Assert.True(await Cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 }), new(new("cylinder:2"), 2, new byte[] { 2 })]));
        var found = await Cards.GetAsync([new("cylinder:1"), new("cylinder:2")], default);
        Assert.Equal([1L, 2L], found.Select(card => card!.Value.Version));
    }

    [Fact]
    public async Task Cards_expire()
    {
        await Cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]);
        var left = await Link.Database.KeyTimeToLiveAsync(await KeyOfAsync("cylinder:1"));
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("zzzzzzzzzzzzzzzzzzzz")]
    [InlineData("ffffffffffffffffstate")]
    [InlineData("0000000000000000and a state")]
    public async Task A_value_that_is_none_of_ours_is_unknown(string value)
    {
        await Cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]);
        await Link.Database.StringSetAsync(await KeyOfAsync("cylinder:1"), value);
        Assert.Null((await Cards.GetAsync([new("cylinder:1")], default))[0]);
    }

    [Fact]
    public async Task After_a_flush_everything_is_unknown_and_taken_in_again()
    {
        await Cards.OfferAsync([new(new("cylinder:1"), 7, new byte[] { 1 })]);
        await Server.FlushAsync();
        Assert.Null((await Cards.GetAsync([new("cylinder:1")], default))[0]);
        Assert.True(await Cards.OfferAsync([new(new("cylinder:1"), 3, new byte[] { 1 })]));
        Assert.Equal(3, (await Cards.GetAsync([new("cylinder:1")], default))[0]!.Value.Version);
    }

    [Fact]
    public async Task Stopped_it_is_left_alone_and_taken_up_again_when_it_is_back()
    {
        await Server.StopAsync();
        while (Link.IsUp)
        {
            Assert.Null((await Cards.GetAsync([new("cylinder:1")], default))[0]);
            Assert.False(await Cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]));
        }

        Assert.False(Cards.IsUsed);
        await Server.StartAsync();
        while (!await Cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]))
        {
            await Task.Yield();
        }

        Assert.Equal(1, (await Cards.GetAsync([new("cylinder:1")], default))[0]!.Value.Version);
    }

    [Fact]
    public async Task Nodes_of_a_ledger_share_cards_and_another_ledger_has_its_own()
    {
        await Cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]);
        var (_, same, _) = await OpenAsync();
        Assert.Equal(1, (await same.GetAsync([new("cylinder:1")], default))[0]!.Value.Version);
        var (_, foreign, _) = await OpenAsync(new InMemoryLedgerStore());
        Assert.Null((await foreign.GetAsync([new("cylinder:1")], default))[0]);
    }

    [Fact]
    public async Task Cards_of_a_future_that_a_restored_backup_has_undone_are_never_found()
    {
        var (_, before, signal) = await OpenAsync();
        await before.OfferAsync([new(new("cylinder:1"), 5, new byte[] { 1 })]);
        await AnnounceAsync(signal, Entry(99));

        // The store holds no entry: it has gone back.
        var (_, after, again) = await OpenAsync();
        Assert.Null((await after.GetAsync([new("cylinder:1")], default))[0]);
        Assert.Equal((true, null), await again.FurthestAsync(await GenerationAsync(), default));
        var (_, later, _) = await OpenAsync();
        await after.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]);
        Assert.Equal(1, (await later.GetAsync([new("cylinder:1")], default))[0]!.Value.Version);
    }

    [Fact]
    public async Task A_restored_ledger_that_has_outgrown_what_was_undone_is_still_told_from_it()
    {
        var (_, before, signal) = await OpenAsync();
        await before.OfferAsync([new(new("cylinder:1"), 5, new byte[] { 1 })]);
        await AnnounceAsync(signal, Entry(2));
        var generation = await GenerationAsync();

        // Restored, and written to before Redis could be asked: other entries stand there now, and more.
        await using var writer = new LedgerWriter(store, new LedgerTail(0));
        for (byte content = 100; content < 105; content++)
        {
            await writer.AppendAsync(new AppendUnit([new NewEntry(default, new[] { content })], [], [], []));
        }

        var link = await RedisLink.ConnectAsync(new RedisOptions(Server.Configuration) { Timeout = TimeSpan.FromSeconds(10) }, TimeProvider.System);
        opened.Add(link);
        var restarted = new RedisHeadSignal(link, store.LedgerId);
        restarted.Announce(Entry(4));
        Assert.Equal(3, (await restarted.FurthestAsync(generation, default)).Furthest?.Head);
        var (_, after, _) = await OpenAsync();
        Assert.Null((await after.GetAsync([new("cylinder:1")], default))[0]);
        Assert.NotEqual(generation, await GenerationAsync());

        // What is there now is remembered, and the next node goes on with it.
        Assert.Equal(5, (await restarted.FurthestAsync(await GenerationAsync(), default)).Furthest?.Head);
        generation = await GenerationAsync();
        await OpenAsync();
        Assert.Equal(generation, await GenerationAsync());
    }

    [Fact]
    public async Task The_furthest_entry_is_remembered_in_whatever_order_nodes_announce_theirs()
    {
        var (_, _, here) = await OpenAsync();
        var (_, _, there) = await OpenAsync();
        await AnnounceAsync(here, Entry(99));

        // A batch of another node that was committed before and is told of after.
        there.Announce(Entry(98));
        Assert.Equal(100, (await there.FurthestAsync(await GenerationAsync(), default)).Furthest?.Head);
        there.Announce(Entry(999));
        Assert.Equal(1_000, (await there.FurthestAsync(await GenerationAsync(), default)).Furthest?.Head);
    }

    [Fact]
    public async Task Nothing_is_used_before_it_is_decided_that_it_may_be()
    {
        await using var link = await RedisLink.ConnectAsync(new RedisOptions(Server.Configuration), TimeProvider.System);
        var cards = new RedisCards(link);
        Assert.False(await cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]));
        store.Outage = "away";
        await using var writer = new LedgerWriter(store, new LedgerTail(0));
        var admission = new RedisAdmission(cards, new RedisHeadSignal(link, store.LedgerId), store, writer, TimeProvider.System, NullLogger<RedisAdmission>.Instance);
        Assert.False(await admission.TryAsync(default));
        Assert.False(cards.IsUsed);
        store.Outage = null;
        Assert.True(await admission.TryAsync(default));
        Assert.True(cards.IsUsed);
    }

    [Fact]
    public async Task Nodes_hear_that_the_head_has_moved()
    {
        var (_, _, here) = await OpenAsync();
        var (_, _, there) = await OpenAsync();
        var heard = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        here.Listen(head => heard.TrySetResult(head));
        for (var position = 0; !heard.Task.IsCompleted; position++)
        {
            // The subscription may take a moment to arrive.
            there.Announce(Entry(position));
            await Task.Yield();
        }

        Assert.InRange(await heard.Task, 1, long.MaxValue);
    }

    private static LedgerEntry Entry(int position) => new(position, default, BitConverter.GetBytes(position));

    private async Task AnnounceAsync(RedisHeadSignal signal, LedgerEntry last)
    {
        signal.Announce(last);
        while ((await signal.FurthestAsync(await GenerationAsync(), default)).Furthest?.Head != last.Position + 1)
        {
            await Task.Yield();
        }
    }

    private async Task<RedisKey> KeyOfAsync(string key) => $"gastrace:{await GenerationAsync()}:{key}";

    private async Task<string> GenerationAsync() =>
        Storage.V1.SharedCardsCard.Parser.ParseFrom((await store.GetCardsAsync([CardKey.SharedCards], default))[0].State.Span).Generation;

    // Patient unless told otherwise: on a busy machine a first call may take longer than a service would wait.
    private protected async Task<(RedisLink Link, RedisCards Cards, RedisHeadSignal Signal)> OpenAsync(ILedgerStore? other = null, double timeoutSeconds = 10)
    {
        var ledger = other ?? store;
        var link = await RedisLink.ConnectAsync(new RedisOptions(Server.Configuration) { Timeout = TimeSpan.FromSeconds(timeoutSeconds), BreakDuration = TimeSpan.FromSeconds(0.5) }, TimeProvider.System);
        opened.Add(link);
        var cards = new RedisCards(link);
        var signal = new RedisHeadSignal(link, ledger.LedgerId);
        await using var writer = new LedgerWriter(ledger, new LedgerTail(0));
        await new RedisAdmission(cards, signal, ledger, writer, TimeProvider.System, NullLogger<RedisAdmission>.Instance).RunAsync(default);
        return (link, cards, signal);
    }
}

/// <summary>The suite on Garnet.</summary>
public sealed class GarnetTests : RedisSuite
{
    protected override RespServer Server { get; } = new GarnetInProcess();
}

/// <summary>The suite on a cluster of three redis-servers: keys of one call lie in many slots.</summary>
public sealed class RedisClusterTests : RedisSuite
{
    protected override RespServer Server { get; } = new RedisCluster();
}

/// <summary>The suite on a redis-server, and what only that can show.</summary>
public sealed class RedisServerTests : RedisSuite
{
    private readonly RedisServer server = new();

    protected override RespServer Server => server;

    [Fact]
    public async Task Frozen_it_is_given_up_and_taken_up_again_when_it_goes_on()
    {
        var (link, cards, _) = await OpenAsync(timeoutSeconds: 0.1);
        server.Freeze();
        while (link.IsUp)
        {
            Assert.Null((await cards.GetAsync([new("cylinder:1")], default))[0]);
        }

        server.Resume();
        while (!await cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]))
        {
            await Task.Yield();
        }

        Assert.True(cards.IsUsed);
    }
}
