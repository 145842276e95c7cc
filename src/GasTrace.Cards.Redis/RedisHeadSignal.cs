using GasTrace.Ledger.Sharing;
using StackExchange.Redis;

namespace GasTrace.Cards.Redis;

/// <summary>
/// A channel that says only "the head moved", and a key that remembers how far it ever was, for <see cref="RedisAdmission"/>: the
/// furthest that any node has told, since nodes tell of their batches in no order. Both carry the ledger's id as hash tag, so that a
/// cluster keeps them together.
/// </summary>
public sealed class RedisHeadSignal : IHeadSignal
{
    private static readonly string SetIfGreater = RedisScript.Read("set_if_greater");
    private readonly RedisLink link;
    private readonly RedisKey key;
    private readonly RedisChannel channel;
    private long highest = -1;

    /// <summary>The signal of a ledger.</summary>
    public RedisHeadSignal(RedisLink link, string ledgerId)
    {
        this.link = link;
        var name = $"{link.Options.Prefix}{{{ledgerId}}}:head";
        key = name;
        channel = RedisChannel.Literal(name);
    }

    /// <inheritdoc />
    public void Announce(long head)
    {
        if (link.IsUp && head > Interlocked.Exchange(ref highest, Math.Max(head, Interlocked.Read(ref highest))))
        {
            link.Database.ScriptEvaluate(SetIfGreater, [key], [head], CommandFlags.FireAndForget);
            link.Subscriber.Publish(channel, head, CommandFlags.FireAndForget);
        }
    }

    /// <inheritdoc />
    public void Listen(Action<long> moved) => link.Subscriber.Subscribe(
        channel,
        (_, message) =>
        {
            if (message.TryParse(out long head))
            {
                moved(head);
            }
        },
        CommandFlags.FireAndForget);

    /// <summary>The ledger is only so far: what was remembered is of a future that was undone.</summary>
    internal void Forget(long head) => link.Database.StringSet(key, head, flags: CommandFlags.FireAndForget);

    /// <summary>How far Redis has heard that the ledger was; null when it cannot tell, -1 when it never heard.</summary>
    internal async ValueTask<long?> RememberedAsync(CancellationToken cancellationToken)
    {
        var (done, value) = await link.TryAsync(static work => work.Database.StringGetAsync(work.key), (link.Database, key), cancellationToken);
        return !done ? null : value.TryParse(out long head) ? head : -1;
    }
}
