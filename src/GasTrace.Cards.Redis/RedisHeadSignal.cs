using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using StackExchange.Redis;

namespace GasTrace.Cards.Redis;

/// <summary>
/// A channel that says only "the head moved", and a key for each generation of cards that remembers the furthest entry that any node has
/// told of, for <see cref="RedisAdmission"/>: how many entries there were with it, and its hash. All carry the ledger's id as hash tag, so
/// that a cluster keeps them together.
/// </summary>
public sealed class RedisHeadSignal : IHeadSignal
{
    private static readonly CardKey Furthest = new("furthest");
    private static readonly RedisValue Never = 0;
    private readonly RedisLink link;
    private readonly string prefix;
    private readonly RedisChannel channel;
    private long highest = -1;
    private volatile string? remembered;

    /// <summary>The signal of a ledger.</summary>
    public RedisHeadSignal(RedisLink link, string ledgerId)
    {
        this.link = link;
        prefix = $"{link.Options.Prefix}{{{ledgerId}}}:";
        channel = RedisChannel.Literal(prefix + "head");
    }

    /// <inheritdoc />
    public void Announce(LedgerEntry last)
    {
        var head = last.Position + 1;
        if (link.IsUp && head > Interlocked.Exchange(ref highest, Math.Max(head, Interlocked.Read(ref highest))))
        {
            if (remembered is { } key)
            {
                // Nodes tell of their batches in no order.
                link.Database.ScriptEvaluate(RedisScript.SetIfNewer, [key], [Value(last), Never], CommandFlags.FireAndForget);
            }

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

    /// <summary>The furthest entry that Redis has heard of while a generation was used: how many entries there were with it, and its hash.</summary>
    /// <returns>Null when it never heard of any; not known when Redis cannot tell.</returns>
    internal async ValueTask<(bool IsKnown, (long Head, ReadOnlyMemory<byte> LeafHash)? Furthest)> FurthestAsync(string generation, CancellationToken cancellationToken)
    {
        var (done, value) = await link.TryAsync(static work => work.Database.StringGetAsync(work.Key), (link.Database, Key: KeyOf(generation)), cancellationToken);
        return (done, done && CardValue.Read(Furthest, value) is { } known ? (known.Version, known.State) : null);
    }

    /// <summary>
    /// Remembers from now on what is announced, for a generation. Not before: what was remembered before this node started tells whether
    /// the ledger has gone back.
    /// </summary>
    internal void Remember(string generation) => remembered = KeyOf(generation);

    /// <summary>Remembers an entry for that generation, unless a further one is.</summary>
    /// <returns>False when Redis could not be told.</returns>
    internal async ValueTask<bool> RememberAsync(LedgerEntry last, CancellationToken cancellationToken) => (await link.TryAsync(
        static work => work.Database.ScriptEvaluateAsync(RedisScript.SetIfNewer, [work.Key], [work.Value, Never]), (link.Database, Key: remembered, Value: Value(last)), cancellationToken)).Done;

    /// <summary>What was remembered for a generation goes when its cards are gone.</summary>
    internal void Leave(string generation) => link.Database.KeyExpire(KeyOf(generation), 2 * link.Options.Expiry, flags: CommandFlags.FireAndForget);

    // As a card is kept: a version, and what it is.
    private static RedisValue Value(LedgerEntry last) => CardValue.Of(new StoredCard(Furthest, last.Position + 1, LeafHash.Of(last.Payload.Span)));

    private string KeyOf(string generation) => $"{prefix}{Furthest.Value}:{generation}";
}
