using System.Collections.Immutable;
using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Storage;

/// <summary>A card as stored.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Version">How often it was written; 0 when never.</param>
/// <param name="State">Its state; empty when never written.</param>
/// <param name="Stamp">What the store noted when it read the card, for itself: it comes back with the append. 0 is nothing.</param>
public readonly record struct StoredCard(CardKey Key, long Version, ReadOnlyMemory<byte> State, long Stamp = 0);

/// <summary>The version that a decision saw of a card.</summary>
/// <param name="Key">The card.</param>
/// <param name="Version">The version seen.</param>
/// <param name="Stamp">The stamp of the card as it was read.</param>
public readonly record struct CardRead(CardKey Key, long Version, long Stamp = 0);

/// <summary>A card's new state; its version becomes the version seen plus one.</summary>
/// <param name="Key">The card.</param>
/// <param name="VersionSeen">The version that the decision saw.</param>
/// <param name="State">The new state.</param>
public readonly record struct CardWrite(CardKey Key, long VersionSeen, ReadOnlyMemory<byte> State);

/// <summary>A decision made ready for a store: all of it becomes true in one transaction, or none.</summary>
/// <param name="Entries">What happened; may be empty, for a card that is not of the record (a cursor).</param>
/// <param name="Reads">Every card that the decision rests on, those written included.</param>
/// <param name="Writes">Cards that change.</param>
/// <param name="Claims">Keys that must never have been used; they lead to the last entry.</param>
public sealed record AppendUnit(
    ImmutableArray<NewEntry> Entries, ImmutableArray<CardRead> Reads, ImmutableArray<CardWrite> Writes, ImmutableArray<string> Claims);

/// <summary>How a unit fared.</summary>
public enum UnitFate
{
    /// <summary>It is true and durable.</summary>
    Committed,

    /// <summary>A card had changed: decide again.</summary>
    StaleCard,

    /// <summary>A claim was taken.</summary>
    ClaimTaken,
}

/// <summary>How a unit fared.</summary>
/// <param name="Fate">Its fate.</param>
/// <param name="Position">Committed: position of its last entry (or the head when it has none). Claim taken: position that the claim leads to.</param>
/// <param name="Key">The card that had changed, or the claim that was taken; else empty.</param>
public readonly record struct UnitOutcome(UnitFate Fate, long Position, string Key)
{
    /// <summary>It is true and durable.</summary>
    public static UnitOutcome Committed(long lastPosition) => new(UnitFate.Committed, lastPosition, string.Empty);

    /// <summary>A card had changed.</summary>
    public static UnitOutcome Stale(CardKey key) => new(UnitFate.StaleCard, -1, key.Value);

    /// <summary>A claim was taken.</summary>
    public static UnitOutcome Taken(string claim, long position) => new(UnitFate.ClaimTaken, position, claim);
}

/// <summary>How a batch fared.</summary>
/// <param name="FirstPosition">Position of the first entry that was appended.</param>
/// <param name="Outcomes">One a unit, in order.</param>
public sealed record AppendResult(long FirstPosition, IReadOnlyList<UnitOutcome> Outcomes)
{
    /// <summary>There was nothing to append.</summary>
    public static AppendResult Nothing { get; } = new(-1, []);
}
