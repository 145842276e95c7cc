using System.Collections.Concurrent;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Tests;

/// <summary>A shared cache that holds what it is given, fails and is slow as it is told to.</summary>
internal sealed class LyingCards : ISharedCards
{
    public ConcurrentDictionary<CardKey, StoredCard> Cards { get; } = new();

    public bool Frozen { get; set; }

    public TimeSpan Lifetime => TimeSpan.FromHours(1);

    public TaskCompletionSource? Gate { get; set; }

    public List<IReadOnlyList<CardKey>> Asked { get; } = [];

    /// <summary>How many came with each offer; those before the gate are not taken in yet.</summary>
    public ConcurrentQueue<int> Offered { get; } = new();

    public async ValueTask<IReadOnlyList<StoredCard?>> GetAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        lock (Asked)
        {
            Asked.Add([.. keys]);
        }

        StoredCard?[] found = [.. keys.Select(key => Cards.TryGetValue(key, out var card) ? card : (StoredCard?)null)];
        if (Gate is { } gate)
        {
            await gate.Task;
        }

        return found;
    }

    public async ValueTask<bool> OfferAsync(IReadOnlyList<StoredCard> cards)
    {
        Offered.Enqueue(cards.Count);
        if (Gate is { } gate)
        {
            await gate.Task;
        }

        foreach (var card in Frozen ? [] : cards)
        {
            Cards.AddOrUpdate(card.Key, card, (_, known) => known.Version < card.Version ? card : known);
        }

        return !Frozen;
    }
}
