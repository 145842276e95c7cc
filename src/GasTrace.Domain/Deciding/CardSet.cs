using Google.Protobuf;

namespace GasTrace.Domain.Deciding;

/// <summary>
/// The cards that a decision reads. Asking for one that is not loaded notes it as wanted and answers null: a command names
/// its cards by asking, is given them, and asks again, until nothing is missing. Everything asked for becomes part of the
/// decision, with the version that was seen.
/// </summary>
/// <param name="known">Cards that are at hand without waiting; null for one that is not.</param>
public sealed class CardSet(Func<CardKey, Card?>? known = null)
{
    // A scan reads some dozen cards: a list is searched faster than a dictionary is built.
    private readonly List<Card> loaded = new(14);
    private readonly List<CardKey> wanted = new(8);

    // A command asks in the same order each time: mostly for the card after the one it asked for last.
    private int next;

    /// <summary>The cards read so far.</summary>
    public IReadOnlyList<Card> Loaded => loaded;

    /// <summary>The keys asked for and not loaded.</summary>
    public IReadOnlyList<CardKey> Wanted => wanted;

    /// <summary>A card's state, or null when it never was written or is not loaded yet (then it is noted as wanted).</summary>
    public TState? Get<TState>(CardKey key)
        where TState : class, IMessage
    {
        for (var passed = 0; passed < loaded.Count; passed++)
        {
            next = next < loaded.Count ? next : 0;
            var card = loaded[next++];
            if (card.Key == key)
            {
                return (TState?)card.State;
            }
        }

        if (known?.Invoke(key) is { } atHand)
        {
            loaded.Add(atHand);
            return (TState?)atHand.State;
        }

        if (!wanted.Contains(key))
        {
            wanted.Add(key);
        }

        return null;
    }

    /// <summary>Hands over what was wanted.</summary>
    public void Load(IReadOnlyList<Card> cards)
    {
        loaded.AddRange(cards);
        wanted.Clear();
    }
}
