using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.TestServers;
using Microsoft.Extensions.Logging.Abstractions;

namespace GasTrace.Cards.Redis.Tests;

/// <summary>How a node meets its Redis: settings, users, a Redis that is not there yet.</summary>
public sealed class RedisLinkTests
{
    // As docker-compose.yml gives them.
    private static readonly string[] Rights =
        ["~gastrace:*", "&gastrace:*", "+@read", "+@write", "+@connection", "+@scripting", "+@pubsub", "-@dangerous", "+info", "+config|get", "+cluster|nodes"];

    [Theory]
    [InlineData("")]
    [InlineData("localhost:6379,nosuchsetting=1")]
    public async Task A_configuration_that_cannot_be_read_is_said_so(string configuration)
    {
        var error = await Assert.ThrowsAsync<StoreStartException>(() => RedisLink.ConnectAsync(new RedisOptions(configuration), TimeProvider.System));
        Assert.Contains("configuration of Redis", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redis_that_is_away_is_taken_up_when_it_comes()
    {
        await using RespServer server = RedisServer.IsInstalled ? new RedisServer() : new GarnetInProcess();
        await using var link = await RedisLink.ConnectAsync(new RedisOptions(server.Configuration), TimeProvider.System);
        Assert.False(link.IsUp);
        await server.StartAsync();
        while (!link.IsUp)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_user_of_its_own_is_let_in_and_a_wrong_password_is_told_without_being_shown()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "There is no redis-server on this machine.");
        await using var server = new RedisServer(["--user", "default", "off", "--user", "gastrace", "on", ">s3cret", .. Rights]);
        await server.StartAsync();
        await using var link = await RedisLink.ConnectAsync(new RedisOptions(server.Configuration + ",user=gastrace,password=s3cret") { Timeout = TimeSpan.FromSeconds(10) }, TimeProvider.System);
        Assert.True(link.IsUp);
        await using var store = new InMemoryLedgerStore();
        await using var writer = new LedgerWriter(store, new LedgerTail(0));
        var cards = new RedisCards(link);
        var signal = new RedisHeadSignal(link, store.LedgerId);
        Assert.True(await new RedisAdmission(cards, signal, store, writer, TimeProvider.System, NullLogger<RedisAdmission>.Instance).TryAsync(default));
        Assert.True(await cards.OfferAsync([new(new("cylinder:1"), 1, new byte[] { 1 })]));
        Assert.Equal(1, (await cards.GetAsync([new("cylinder:1")], default))[0]!.Value.Version);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        signal.Listen(_ => heard.TrySetResult());
        for (var position = 0; !heard.Task.IsCompleted; position++)
        {
            signal.Announce(new LedgerEntry(position, default, default));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<StoreStartException>(
            () => RedisLink.ConnectAsync(new RedisOptions(server.Configuration + ",user=gastrace,password=wr0ng"), TimeProvider.System));
        Assert.Contains("refuses the user or the password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", new RedisOptions("x,password=s3cret").ToString(), StringComparison.Ordinal);
    }
}
