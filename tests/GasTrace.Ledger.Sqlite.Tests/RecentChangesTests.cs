using CsCheck;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Sqlite.Cards;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>What the last batches changed: the answer is right, or there is none.</summary>
public sealed class RecentChangesTests
{
    private const int Cards = 6;
    private const long Since = 100;

    [Fact]
    public void A_card_is_still_what_it_was_after_a_batch_or_it_is_too_long_ago() => Gen.Int[0, Cards - 1].HashSet[0, 3].Array[0, 30].Sample(batches =>
    {
        var recent = new RecentChanges(Since);
        List<long[]> history = [new long[Cards]];
        foreach (var changed in batches)
        {
            var versions = (long[])history[^1].Clone();
            recent.Add(Since + history.Count, [.. changed.Select(card => new StoredCard(Key(card), ++versions[card], default))]);
            history.Add(versions);
        }

        Assert.Null(recent.IsStill(Key(0), 0, Since - 1));
        for (var seen = 0; seen < history.Count; seen++)
        {
            for (var card = 0; card < Cards; card++)
            {
                var version = history[seen][card];
                if (recent.IsStill(Key(card), version, Since + seen) is { } still)
                {
                    Assert.Equal(history[^1][card] == version, still);
                }
                else
                {
                    Assert.True(seen < history.Count - 8, $"Batch {seen} of {history.Count - 1} is not long ago.");
                }
            }
        }
    });

    private static CardKey Key(int card) => new($"card:{card}");
}
