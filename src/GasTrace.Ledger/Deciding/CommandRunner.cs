using System.Runtime.InteropServices;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Writing;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Ledger.Deciding;

/// <summary>What became of a command.</summary>
/// <typeparam name="TReply">What the caller is answered.</typeparam>
/// <param name="Reply">The answer; default when rejected.</param>
/// <param name="Rejection">Why it was not done; null when it was.</param>
public readonly record struct CommandResult<TReply>(TReply? Reply, Rejection? Rejection);

/// <summary>
/// Takes a command through the house: validate, load its cards, decide, append; on a lost race decide again on fresh cards.
/// The same request again finds the entry that answered it and gives the same answer.
/// </summary>
public sealed class CommandRunner(ILedgerStore store, CardCache cache, LedgerWriter writer, TimeProvider time)
{
    private readonly Func<CardKey, Card?> known = cache.Known;

    /// <summary>Runs a command; the answer is durable.</summary>
    /// <exception cref="LedgerBusyException">The queue is full.</exception>
    /// <exception cref="StoreUnavailableException">The store failed.</exception>
    /// <exception cref="ContentionException">Others won every time.</exception>
    public async ValueTask<CommandResult<TReply>> RunAsync<TReply>(ICommand<TReply> command, CancellationToken cancellationToken)
    {
        if (command.Validate() is { } malformed)
        {
            return new(default, malformed);
        }

        var contended = string.Empty;
        IReadOnlyList<Card> fresh = [];
        for (var attempt = 0; attempt < LedgerLimits.DecisionsMax; attempt++)
        {
            var since = cache.Now;
            var cards = await LoadAsync(command, fresh, cancellationToken);
            var decision = command.Decide(cards, new Moment(time.GetUtcNow()));
            if (cards.Wanted.Count > 0)
            {
                throw new InvalidOperationException($"{command.GetType().Name} decided on '{cards.Wanted[0]}', which it had not named.");
            }

            if (decision.Rejection is { } rejection)
            {
                // A stale card may be to blame, or the request was done before: only the store knows.
                if (await AnsweredBeforeAsync(command, command.RequestId, command.RequestDigest, cancellationToken) is { } before)
                {
                    return before;
                }

                // All at once from the store: then it is so. A retry may have named further cards, and those are cached ones.
                if (attempt > 0 && cards.Loaded.Count == fresh.Count)
                {
                    return new(default, rejection);
                }

                fresh = await RefreshAsync(cards, cancellationToken);
                contended = cards.Loaded.Count > 0 ? cards.Loaded[0].Key.Value : string.Empty;
                if (IsStale(cards, fresh))
                {
                    continue;
                }

                return new(default, rejection);
            }

            if (decision.SameAsRequestId is { } earlier)
            {
                return await AnsweredBeforeAsync(command, earlier, default, cancellationToken)
                    ?? throw new InvalidDataException($"The card says that request {earlier} was answered, and the ledger does not.");
            }

            var unit = ToUnit(command, decision, cards);
            var outcome = await writer.AppendAsync(unit);
            switch (outcome.Fate)
            {
                case UnitFate.Committed:
                    cache.Put(unit, decision.Changes, since);
                    return new(command.Reply(decision.Events[^1], outcome.Position), null);
                case UnitFate.ClaimTaken when outcome.Key == Claim.OfRequest(command.RequestId):
                    return await AnswerOfAsync(command, outcome.Position, command.RequestDigest, cancellationToken);
                case UnitFate.ClaimTaken:
                    return new(default, decision.Claims.First(claim => claim.Key == outcome.Key).WhenTaken);
                default:
                    contended = outcome.Key;
                    fresh = await RefreshAsync(cards, cancellationToken);
                    break;
            }
        }

        throw new ContentionException(contended);
    }

    private async ValueTask<CardSet> LoadAsync<TReply>(ICommand<TReply> command, IReadOnlyList<Card> fresh, CancellationToken cancellationToken)
    {
        var cards = new CardSet(known);
        cards.Load(fresh);
        for (var round = 0; round < LedgerLimits.NamingRoundsMax; round++)
        {
            command.Name(cards);
            if (cards.Wanted.Count == 0)
            {
                return cards;
            }

            cards.Load(await cache.GetAsync(cards.Wanted, cancellationToken));
        }

        throw new InvalidOperationException($"{command.GetType().Name} names cards without end.");
    }

    // Straight from the store: what is cached was stale, or may have been, and may be so again.
    private ValueTask<IReadOnlyList<Card>> RefreshAsync(CardSet cards, CancellationToken cancellationToken) =>
        cache.RefreshAsync([.. cards.Loaded.Select(card => card.Key)], cancellationToken);

    private static bool IsStale(CardSet cards, IReadOnlyList<Card> fresh)
    {
        for (var i = 0; i < fresh.Count; i++)
        {
            if (fresh[i].Version != cards.Loaded[i].Version)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<CommandResult<TReply>?> AnsweredBeforeAsync<TReply>(
        ICommand<TReply> command, string requestId, ReadOnlyMemory<byte> digest, CancellationToken cancellationToken) =>
        requestId.Length > 0 && await store.FindClaimAsync(Claim.OfRequest(requestId), cancellationToken) is { } position
            ? await AnswerOfAsync(command, position, digest, cancellationToken)
            : null;

    private async ValueTask<CommandResult<TReply>> AnswerOfAsync<TReply>(
        ICommand<TReply> command, long position, ReadOnlyMemory<byte> digest, CancellationToken cancellationToken)
    {
        var entries = await store.ReadAsync(position, 1, cancellationToken);
        var answer = entries[0].ParseEvent();
        return digest.Length > 0 && !answer.RequestDigest.Span.SequenceEqual(digest.Span)
            ? new(default, Rejection.Taken("request_id", command.RequestId, new("已用于内容不同的请求", "was used by a request with other content"), "REQUEST_ID_REUSED"))
            : new(command.Reply(answer, position), null);
    }

    private static AppendUnit ToUnit<TReply>(ICommand<TReply> command, Decision decision, CardSet cards)
    {
        var entries = new NewEntry[decision.Events.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new NewEntry(EntryHeader.Of(decision.Events[i]), Bytes(decision.Events[i]));
        }

        var reads = new CardRead[cards.Loaded.Count];
        for (var i = 0; i < reads.Length; i++)
        {
            reads[i] = new CardRead(cards.Loaded[i].Key, cards.Loaded[i].Version, cards.Loaded[i].Stamp);
        }

        var writes = new CardWrite[decision.Changes.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            var change = decision.Changes[i];
            writes[i] = new CardWrite(change.Key, VersionSeen(cards, change.Key), Bytes(change.State));
        }

        var own = command.RequestId.Length > 0 ? 1 : 0;
        var claims = new string[decision.Claims.Count + own];
        for (var i = 0; i < claims.Length; i++)
        {
            claims[i] = i < own ? Claim.OfRequest(command.RequestId) : decision.Claims[i - own].Key;
        }

        return new AppendUnit(
            ImmutableCollectionsMarshal.AsImmutableArray(entries),
            ImmutableCollectionsMarshal.AsImmutableArray(reads),
            ImmutableCollectionsMarshal.AsImmutableArray(writes),
            ImmutableCollectionsMarshal.AsImmutableArray(claims));
    }

    // ToByteArray would go through a stream.
    private static byte[] Bytes(IMessage message)
    {
        var bytes = new byte[message.CalculateSize()];
        message.WriteTo(bytes);
        return bytes;
    }

    private static long VersionSeen(CardSet cards, CardKey key)
    {
        for (var i = 0; i < cards.Loaded.Count; i++)
        {
            if (cards.Loaded[i].Key == key)
            {
                return cards.Loaded[i].Version;
            }
        }

        throw new InvalidOperationException($"The decision changes '{key}', which it had not read.");
    }
}
