using GasTrace.Ledger.Moving;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.InMemory;

/// <summary>A target on plain collections, which can be cut off after some writes and damaged.</summary>
public sealed class InMemoryLedgerTarget : ILedgerTarget
{
    private readonly List<LedgerEntry> heldEntries = [];
    private readonly List<StoredCard> heldCards = [];
    private readonly List<StoredClaim> heldClaims = [];
    private CopyState state = new(0, string.Empty, string.Empty);

    /// <inheritdoc />
    public string LedgerId { get; private set; } = string.Empty;

    /// <summary>Writes that succeed before one fails.</summary>
    public int WritesLeft { get; set; } = int.MaxValue;

    /// <summary>Whether nodes may serve from it.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>What it holds of cards, to be tampered with.</summary>
    public IList<StoredCard> Cards => heldCards;

    /// <inheritdoc />
    public Task<CopyState> BeginAsync(string ledgerId, CancellationToken cancellationToken)
    {
        if (IsFinished || (LedgerId.Length > 0 && LedgerId != ledgerId))
        {
            throw new StoreStartException(new("已有完成的复制，或属于另一账本。", "It holds a copy that is finished, or of another ledger."));
        }

        LedgerId = ledgerId;
        return Task.FromResult(state);
    }

    /// <inheritdoc />
    public Task WriteEntriesAsync(CopyState before, IReadOnlyList<LedgerEntry> entries, CancellationToken cancellationToken) =>
        Write(before, () => heldEntries.AddRange(entries), state with { NextEntry = state.NextEntry + entries.Count });

    /// <inheritdoc />
    public Task WriteCardsAsync(CopyState before, IReadOnlyList<StoredCard> cards, CancellationToken cancellationToken) =>
        Write(before, () => heldCards.AddRange(cards), state with { LastCard = cards[^1].Key.Value });

    /// <inheritdoc />
    public Task WriteClaimsAsync(CopyState before, IReadOnlyList<StoredClaim> claims, CancellationToken cancellationToken) =>
        Write(before, () => heldClaims.AddRange(claims), state with { LastClaim = claims[^1].Key });

    /// <inheritdoc />
    public Task FinishAsync(CancellationToken cancellationToken)
    {
        IsFinished = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<long> GetHeadAsync(CancellationToken cancellationToken) => Task.FromResult((long)heldEntries.Count);

    /// <inheritdoc />
    public Task<IReadOnlyList<LedgerEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>([.. heldEntries.Skip((int)from).Take(limit)]);

    // An order of its own, unlike the source's: stores may do so.

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredCard>> ReadCardsAsync(string after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredCard>>([.. heldCards.OrderByDescending(card => card.Key.Value, StringComparer.Ordinal).SkipWhile(card => after.Length > 0 && string.CompareOrdinal(card.Key.Value, after) >= 0).Take(limit)]);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredClaim>> ReadClaimsAsync(string after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredClaim>>([.. heldClaims.OrderByDescending(claim => claim.Key, StringComparer.Ordinal).SkipWhile(claim => after.Length > 0 && string.CompareOrdinal(claim.Key, after) >= 0).Take(limit)]);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Write(CopyState before, Action write, CopyState after)
    {
        if (before != state)
        {
            throw new StoreUnavailableException("Another copy has gone on meanwhile.");
        }

        if (WritesLeft-- <= 0)
        {
            throw new StoreUnavailableException("The line is cut.");
        }

        write();
        state = after;
        return Task.CompletedTask;
    }
}
