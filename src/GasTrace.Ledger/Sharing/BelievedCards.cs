using System.Collections.Immutable;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.V1;
using Microsoft.Extensions.Logging;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Sharing;

/// <summary>The cache that nodes share, as far as this node believes it, and what this node offers to it.</summary>
public sealed class BelievedCards
{
    private readonly ISharedCards shared;
    private readonly Gathering<StoredCard, bool> offers;
    private readonly CardDoubts doubts;
    private volatile bool believes;

    /// <summary>Nothing is doubted by name.</summary>
    /// <param name="shared">The cache that nodes share.</param>
    /// <param name="time">Clock.</param>
    /// <param name="log">Where it is told that nothing is believed.</param>
    /// <param name="believes">Whether it is believed from the start; else from <see cref="Believe"/> on.</param>
    /// <param name="doubtsMax">Most cards that it is doubted of by name, of what happens at every fill and of all else.</param>
    public BelievedCards(ISharedCards shared, TimeProvider time, ILogger<BelievedCards> log, bool believes, int doubtsMax = LedgerLimits.ForeignChangesMax)
    {
        this.shared = shared;
        this.believes = believes;
        doubts = new(shared.Lifetime, time, log, doubtsMax);
        offers = new(async cards => await shared.OfferAsync(cards), LedgerLimits.CardOffersAtOnce, LedgerLimits.CardsTogetherMax);
    }

    /// <summary>Believes it from now on, except where there is a doubt.</summary>
    public void Believe() => believes = true;

    /// <summary>Cards in the order asked for; null for those it does not know or is not believed of.</summary>
    public async ValueTask<IReadOnlyList<StoredCard?>> GetAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        if (!believes)
        {
            return new StoredCard?[keys.Count];
        }

        var found = await shared.GetAsync(keys, cancellationToken);
        var cards = new StoredCard?[keys.Count];
        for (var i = 0; i < cards.Length; i++)
        {
            cards[i] = found[i] is { } card && !doubts.Any(card.Key) ? card : null;
        }

        return cards;
    }

    /// <summary>
    /// Offers cards; nobody waits for it. What cannot be brought there may be there in an older state: it is not believed until it
    /// can.
    /// </summary>
    /// <param name="cards">As they stand in the store.</param>
    /// <param name="since">What this node had heard when they were read or written.</param>
    /// <param name="causes">What changed them; nothing when they were read.</param>
    public void Offer(IReadOnlyList<StoredCard> cards, long since, ImmutableArray<NewEntry> causes) => _ = OfferAsync(cards, since, causes);

    /// <summary>Does not believe it of a card that another node changed, other than by a fill, until it was read from the store.</summary>
    /// <param name="key">The card.</param>
    /// <param name="heard">When this node heard of it.</param>
    public void Doubt(CardKey key, long heard) => doubts.Heard(key, heard);

    /// <summary>Believes nothing until whatever it may hold now has expired: any card may have changed.</summary>
    public void DoubtAll() => doubts.HeardOfAny();

    /// <summary>Does not believe it of what older entries put on the register.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="heard">What this node has heard by now.</param>
    public void Doubt(IReadOnlyList<LedgerEntry> entries, long heard)
    {
        List<CardKey> keys = [];
        foreach (var entry in entries)
        {
            if (ReadLasting(entry.Header, entry.Payload) is { } happened)
            {
                keys.Clear();
                ChangedCards.TryAddTo(keys, happened);
                foreach (var key in keys)
                {
                    doubts.Heard(key, heard);
                }
            }
        }
    }

    private static Event? ReadLasting(EntryHeader header, ReadOnlyMemory<byte> payload) =>
        ChangedCards.MayBeLasting((Event.BodyOneofCase)header.Kind) && Event.Parser.ParseFrom(payload.Span) is var happened && !ChangedCards.IsDaily(happened) ? happened : null;

    private async Task OfferAsync(IReadOnlyList<StoredCard> cards, long since, ImmutableArray<NewEntry> causes)
    {
        if (offers.Waiting < LedgerLimits.CardOffersWaitingMax && (await offers.AskAsync(cards, CancellationToken.None)).Answer)
        {
            foreach (var card in cards)
            {
                doubts.Taken(card.Key, card.Version, since);
            }

            return;
        }

        var isLasting = causes.Any(cause => ReadLasting(cause.Header, cause.Payload) is not null);
        foreach (var card in cards)
        {
            doubts.Missed(card.Key, card.Version, since, isLasting);
        }
    }
}
