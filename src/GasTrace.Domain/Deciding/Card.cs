using Google.Protobuf;

namespace GasTrace.Domain.Deciding;

/// <summary>The current state of one thing. Its state is a message and is treated as immutable.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Version">How often it was written; 0 when it never was.</param>
/// <param name="State">Its state; null when it never was written.</param>
/// <param name="Stamp">What the store noted when it read the card, for itself; 0 is nothing.</param>
public sealed record Card(CardKey Key, long Version, IMessage? State, long Stamp = 0);

/// <summary>A new state of a card.</summary>
/// <param name="Key">The card.</param>
/// <param name="State">Its state from the commit on.</param>
public sealed record CardChange(CardKey Key, IMessage State);
