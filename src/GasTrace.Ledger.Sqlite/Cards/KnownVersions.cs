using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Versions that readers saw in the card table, so that the writer need not look again. A version holds as long as the table
/// has not changed since and the card is not among the unflushed ones. Each key has one place, so memory is bounded and no
/// lock is needed; whoever shares the place takes it over.
/// </summary>
internal sealed class KnownVersions
{
    private const int Places = 1 << 17;
    private readonly Seen?[] places = new Seen?[Places];

    /// <summary>Remembers what was read on a snapshot of a generation.</summary>
    public void Put(CardKey key, long version, long generation) => Volatile.Write(ref Place(key), new Seen(key, version, generation));

    /// <summary>The version seen at exactly this generation.</summary>
    public bool TryGet(CardKey key, long generation, out long version)
    {
        var seen = Volatile.Read(ref Place(key));
        version = seen?.Version ?? 0;
        return seen is not null && seen.Generation == generation && seen.Key == key;
    }

    private ref Seen? Place(CardKey key) => ref places[key.GetHashCode() & (Places - 1)];

    private sealed record Seen(CardKey Key, long Version, long Generation);
}
