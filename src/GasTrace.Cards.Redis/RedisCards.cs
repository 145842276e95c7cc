using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using StackExchange.Redis;

namespace GasTrace.Cards.Redis;

/// <summary>
/// Cards in Redis, shared by all nodes of a ledger. Not used before it is known that Redis is not ahead of the store
/// (<see cref="RedisAdmission"/>): versions count up, so cards of a future that a restored backup has undone would look right.
/// </summary>
public sealed class RedisCards(RedisLink link) : ISharedCards
{
    private readonly RedisValue expiryMilliseconds = (long)link.Options.Expiry.TotalMilliseconds;
    private volatile string? keyPrefix;

    /// <summary>Whether Redis answers now.</summary>
    public bool IsUsed => keyPrefix is not null && link.IsUp;

    /// <inheritdoc />
    public TimeSpan Lifetime => link.Options.Expiry;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<StoredCard?>> GetAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        var cards = new StoredCard?[keys.Count];
        if (keyPrefix is not { } prefix)
        {
            return cards;
        }

        var (done, values) = await link.TryAsync(static work => work.link.IsCluster ? EachAsync(work) : AllAsync(work), (link, prefix, keys), cancellationToken);
        if (!done)
        {
            return cards;
        }

        var known = 0;
        for (var i = 0; i < cards.Length; i++)
        {
            cards[i] = CardValue.Read(keys[i], values![i]);
            known += cards[i] is null ? 0 : 1;
        }

        link.Metrics.Asked(known, cards.Length - known);
        return cards;
    }

    /// <inheritdoc />
    public async ValueTask<bool> OfferAsync(IReadOnlyList<StoredCard> cards)
    {
        if (keyPrefix is not { } prefix)
        {
            return false;
        }

        var (done, _) = await link.TryAsync(
            static work => work.link.IsCluster ? OfferEachAsync(work) : OfferAllAsync(work), (link, prefix, cards, expiryMilliseconds), CancellationToken.None);
        return done;
    }

    /// <summary>Cards of this generation may be used.</summary>
    internal void Admit(string generation) => keyPrefix = $"{link.Options.Prefix}{generation}:";

    private static async Task<RedisValue[]> AllAsync((RedisLink Link, string Prefix, IReadOnlyList<CardKey> Keys) asked)
    {
        if (asked.Keys.Count == 1)
        {
            return [await asked.Link.Database.StringGetAsync(asked.Prefix + asked.Keys[0].Value)];
        }

        var keys = new RedisKey[asked.Keys.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = asked.Prefix + asked.Keys[i].Value;
        }

        return await asked.Link.Database.StringGetAsync(keys);
    }

    private static async Task<bool> OfferAllAsync((RedisLink Link, string Prefix, IReadOnlyList<StoredCard> Cards, RedisValue ExpiryMilliseconds) offered)
    {
        var keys = new RedisKey[offered.Cards.Count];
        var values = new RedisValue[keys.Length + 1];
        values[^1] = offered.ExpiryMilliseconds;
        for (var i = 0; i < keys.Length; i++)
        {
            (keys[i], values[i]) = (offered.Prefix + offered.Cards[i].Key.Value, CardValue.Of(offered.Cards[i]));
        }

        await offered.Link.Database.ScriptEvaluateAsync(RedisScript.SetIfNewer, keys, values);
        return true;
    }

    private static async Task<bool> OfferEachAsync((RedisLink Link, string Prefix, IReadOnlyList<StoredCard> Cards, RedisValue ExpiryMilliseconds) offered)
    {
        await Task.WhenAll(offered.Cards.Select(card => OfferAllAsync(offered with { Cards = [card] })));
        return true;
    }

    // A cluster takes several keys in one command only when they lie in one slot; sent at once, they are still one round trip.
    private static Task<RedisValue[]> EachAsync((RedisLink Link, string Prefix, IReadOnlyList<CardKey> Keys) asked) =>
        Task.WhenAll(asked.Keys.Select(key => asked.Link.Database.StringGetAsync(asked.Prefix + key.Value)));
}
