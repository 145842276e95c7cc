using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.InMemory;

/// <summary>
/// The store's port on plain collections, shared by any number of nodes of one process. It keeps the port's promises except
/// durability, and it can be told to fail, or made with a fault: that is what it is for.
/// </summary>
/// <param name="fault">A fault that a suite must find.</param>
public sealed class InMemoryLedgerStore(PlantedFault fault = PlantedFault.None) : ILedgerStore
{
    private readonly Lock gate = new();
    private readonly List<LedgerEntry> entries = [];
    private readonly Dictionary<CardKey, StoredCard> cards = [];
    private readonly Dictionary<string, long> claims = new(StringComparer.Ordinal);
    private volatile string? outage;
    private long head;

    /// <inheritdoc />
    public string LedgerId { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Why every call fails, as when the server is away; null when none does.</summary>
    public string? Outage
    {
        get => outage;
        set => outage = value;
    }

    /// <inheritdoc />
    public Task<AppendResult> AppendAsync(Func<IReadOnlyList<AppendUnit>> fetch, CancellationToken cancellationToken)
    {
        Check();
        lock (gate)
        {
            var first = head;
            return Task.FromResult(new AppendResult(first, [.. fetch().Select(Append)]));
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken)
    {
        Check();
        lock (gate)
        {
            var start = (int)Math.Min(from, entries.Count);
            while (start > 0 && entries[start - 1].Position >= from)
            {
                start--;
            }

            return Task.FromResult<IReadOnlyList<LedgerEntry>>(entries.GetRange(start, Math.Min(limit, entries.Count - start)));
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken)
    {
        Check();
        var found = new StoredCard[keys.Count];
        lock (gate)
        {
            for (var i = 0; i < found.Length; i++)
            {
                found[i] = cards.TryGetValue(keys[i], out var card) ? card : new StoredCard(keys[i], 0, default);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<StoredCard>>(found);
    }

    /// <inheritdoc />
    public Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken)
    {
        Check();
        lock (gate)
        {
            return Task.FromResult<long?>(claims.TryGetValue(key, out var position) ? position : null);
        }
    }

    /// <inheritdoc />
    public Task<long> GetHeadAsync(CancellationToken cancellationToken)
    {
        Check();
        lock (gate)
        {
            return Task.FromResult(head);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private UnitOutcome Append(AppendUnit unit)
    {
        // A unit without entries stands at the head.
        var last = head + Math.Max(unit.Entries.Length, 1) - 1;
        if (fault != PlantedFault.SkipsClaims && unit.Claims.FirstOrDefault(claims.ContainsKey) is { } taken)
        {
            return UnitOutcome.Taken(taken, claims[taken]);
        }

        foreach (var read in unit.Reads)
        {
            if (IsChecked(unit, read) && (cards.TryGetValue(read.Key, out var card) ? card.Version : 0) != read.Version)
            {
                head += fault == PlantedFault.LeavesGaps ? 1 : 0;
                Claim(fault == PlantedFault.KeepsClaimsOfLosers ? unit.Claims : [], last);
                return UnitOutcome.Stale(read.Key);
            }
        }

        Claim(unit.Claims, last);
        foreach (var write in fault == PlantedFault.ForgetsCards ? [] : unit.Writes)
        {
            cards[write.Key] = new StoredCard(write.Key, write.VersionSeen + 1, write.State);
        }

        foreach (var entry in unit.Entries)
        {
            entries.Add(new LedgerEntry(head++, entry.Header, entry.Payload));
        }

        return UnitOutcome.Committed(last);
    }

    private bool IsChecked(AppendUnit unit, CardRead read) =>
        fault != PlantedFault.SkipsVersions && (fault != PlantedFault.SkipsReads || unit.Writes.Any(write => write.Key == read.Key));

    private void Claim(IReadOnlyList<string> keys, long position)
    {
        foreach (var key in keys)
        {
            claims[key] = position;
        }
    }

    private void Check()
    {
        if (outage is { } reason)
        {
            throw new StoreUnavailableException(reason);
        }
    }
}
