using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using GasTrace.Simulation.Clockwork;

namespace GasTrace.Simulation.Stores;

/// <summary>The cache that the nodes share: late, forgetful, set back in time, cut off from some. No wrong answer may come of it.</summary>
internal sealed class SharedCache(Scheduler scheduler)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private readonly Process process = new(scheduler, "cache");
    private readonly Dictionary<CardKey, (StoredCard Card, TimeSpan TakenIn)> cards = [];
    private readonly Dictionary<CardKey, StoredCard> older = [];
    private readonly List<(Process Node, Action<long> Moved)> listeners = [];

    /// <summary>Whether it is away.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Mean time of a call.</summary>
    public double DelaySeconds { get; set; } = 0.0005;

    /// <summary>Share of calls and signals that are lost.</summary>
    public double LossShare { get; set; }

    /// <summary>Whether it ever was set back.</summary>
    public bool WasSetBack { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Flush() => cards.Clear();

    /// <summary>Holds again what it held before, as a replica that was promoted too early does.</summary>
    public void SetBack()
    {
        WasSetBack = true;
        foreach (var (key, card) in older)
        {
            if (scheduler.Random.Chance(0.5))
            {
                cards[key] = (card, scheduler.Elapsed);
            }
        }
    }

    /// <summary>As a node has it.</summary>
    public (ISharedCards Cards, IHeadSignal Signal) For(Process node, Line line)
    {
        var end = new End(this, node, line);
        return (end, end);
    }

    private StoredCard? Find(CardKey key) =>
        cards.TryGetValue(key, out var held) && scheduler.Elapsed - held.TakenIn < Lifetime ? held.Card : null;

    private TimeSpan Now => scheduler.Elapsed;

    private TimeSpan Delay() => scheduler.Random.About(DelaySeconds);

    private bool IsLost(Line line) => line.IsCut || IsStopped || (LossShare > 0 && scheduler.Random.Chance(LossShare));

    private sealed class End(SharedCache cache, Process node, Line line) : ISharedCards, IHeadSignal
    {
        public TimeSpan Lifetime => SharedCache.Lifetime;

        public ValueTask<IReadOnlyList<StoredCard?>> GetAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) => new(CallAsync<IReadOnlyList<StoredCard?>>(
            () => [.. keys.Select(cache.Find)], [.. keys.Select(_ => (StoredCard?)null)]));

        public ValueTask<bool> OfferAsync(IReadOnlyList<StoredCard> cards) => new(CallAsync(() => Keep(cards), false));

        public void Announce(LedgerEntry last)
        {
            if (cache.IsLost(line))
            {
                return;
            }

            cache.process.After(cache.Delay(), () =>
            {
                cache.listeners.RemoveAll(listener => listener.Node.IsDead);
                foreach (var (listening, moved) in cache.listeners)
                {
                    if (!cache.IsLost(line))
                    {
                        listening.Post(() => moved(last.Position + 1));
                    }
                }
            });
        }

        public void Listen(Action<long> moved) => cache.listeners.Add((node, moved));

        private bool Keep(IReadOnlyList<StoredCard> offered)
        {
            foreach (var card in offered)
            {
                var known = cache.Find(card.Key);
                if (known is null || card.Version > known.Value.Version)
                {
                    cache.cards[card.Key] = (card, cache.Now);
                    if (known is { } before)
                    {
                        cache.older[card.Key] = before;
                    }
                }
            }

            return true;
        }

        // Like the real one it never fails: after its patience it knows nothing. What was asked may be done all the same.
        private Task<TAnswer> CallAsync<TAnswer>(Func<TAnswer> act, TAnswer unknown)
        {
            var answer = new TaskCompletionSource<TAnswer>();
            cache.process.After(Patience, () => answer.TrySetResult(unknown));
            cache.process.After(cache.Delay(), () =>
            {
                if (cache.IsLost(line))
                {
                    return;
                }

                var done = act();
                if (!cache.IsLost(line))
                {
                    cache.process.After(cache.Delay(), () => answer.TrySetResult(done));
                }
            });
            return answer.Task;
        }
    }
}
