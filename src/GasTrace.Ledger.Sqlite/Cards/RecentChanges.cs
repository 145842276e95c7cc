using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Which cards the last few batches changed: few enough to stay in the processor's caches, and enough for nearly every append,
/// whose cards were read a batch or two ago. For the writer's thread only.
/// </summary>
/// <param name="since">The last batch before it.</param>
internal sealed class RecentChanges(long since)
{
    private const int BatchesMax = 8;
    private readonly Dictionary<CardKey, (long Batch, long Version)> versions = [];
    private readonly Queue<(long Batch, CardKey[] Keys)> batches = new(BatchesMax + 1);
    private long since = since;

    /// <summary>Takes in what a committed batch changed.</summary>
    public void Add(long batch, IReadOnlyList<StoredCard> changed)
    {
        var keys = new CardKey[changed.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = changed[i].Key;
            versions[keys[i]] = (batch, changed[i].Version);
        }

        batches.Enqueue((batch, keys));
        if (batches.Count > BatchesMax)
        {
            Forget(batches.Dequeue());
        }
    }

    /// <summary>Whether a card that was of a version after a batch still is; null when that batch is too long ago to tell.</summary>
    public bool? IsStill(CardKey key, long version, long batch) =>
        batch < since ? null : !versions.TryGetValue(key, out var last) || last.Version == version;

    private void Forget((long Batch, CardKey[] Keys) oldest)
    {
        foreach (var key in oldest.Keys)
        {
            if (versions.TryGetValue(key, out var last) && last.Batch == oldest.Batch)
            {
                versions.Remove(key);
            }
        }

        since = oldest.Batch;
    }
}
