using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Versions that the writer has looked up: of cards that decision upon decision rests on (stations, terminals, limits), and
/// that are read once and kept by their readers. They stay right, since the writer alone changes cards. For its thread only.
/// </summary>
internal sealed class KnownVersions
{
    private const int Max = 65_536;
    private readonly Dictionary<CardKey, long> versions = [];

    public bool TryGet(CardKey key, out long version) => versions.TryGetValue(key, out version);

    public void Add(CardKey key, long version)
    {
        if (versions.Count == Max)
        {
            versions.Clear();
        }

        versions[key] = version;
    }

    /// <summary>A batch that changed the card was committed.</summary>
    public void Changed(CardKey key, long version)
    {
        if (versions.ContainsKey(key))
        {
            versions[key] = version;
        }
    }
}
