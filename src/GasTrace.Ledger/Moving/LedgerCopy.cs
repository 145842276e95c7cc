using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Moving;

/// <summary>The copy holds something else than what it was made from.</summary>
public sealed class CopyDiffersException(LedgerDigest source, LedgerDigest copy)
    : Exception($"The copy differs: {copy.Entries} entries, {copy.Cards} cards, {copy.Claims} claims, hash {copy.Hash}; it should be {source.Entries}, {source.Cards}, {source.Claims}, hash {source.Hash}. It is not opened to nodes: drop it and copy again.")
{
    /// <summary>How it differs, in both languages.</summary>
    public Bilingual Text => new(
        $"副本不一致：{copy.Entries} 条记录、{copy.Cards} 张卡片、{copy.Claims} 个占用键，哈希 {copy.Hash}；应为 {source.Entries}、{source.Cards}、{source.Claims}，哈希 {source.Hash}。副本未向节点开放：请删除后重新复制。",
        Message);
}

/// <summary>Copies a ledger from one store into another, goes on where it was cut off, and opens the copy only when both ends agree.</summary>
public static class LedgerCopy
{
    private const int RowsPerWrite = 1_000;

    /// <summary>Copies and verifies; answers what was copied.</summary>
    /// <param name="source">Where from; nobody writes to it meanwhile.</param>
    /// <param name="target">Where to.</param>
    /// <param name="said">Told what is going on and how many rows that did.</param>
    /// <param name="cancellationToken">Stops; the same copy may be gone on with later.</param>
    /// <exception cref="StoreStartException">The target holds something else.</exception>
    /// <exception cref="CopyDiffersException">Both ends were read, and differ.</exception>
    public static async Task<LedgerDigest> RunAsync(ILedgerSource source, ILedgerTarget target, IProgress<(Bilingual Doing, long Rows)>? said, CancellationToken cancellationToken)
    {
        var state = await target.BeginAsync(source.LedgerId, cancellationToken);
        for (IReadOnlyList<LedgerEntry> page; (page = await source.ReadEntriesAsync(state.NextEntry, RowsPerWrite, cancellationToken)).Count > 0;)
        {
            await target.WriteEntriesAsync(state, page, cancellationToken);
            state = state with { NextEntry = state.NextEntry + page.Count };
            said?.Report((new("记录", "entries"), state.NextEntry));
        }

        long cards = 0;
        for (IReadOnlyList<StoredCard> page; (page = await source.ReadCardsAsync(state.LastCard, RowsPerWrite, cancellationToken)).Count > 0;)
        {
            await target.WriteCardsAsync(state, page, cancellationToken);
            state = state with { LastCard = page[^1].Key.Value };
            said?.Report((new("卡片", "cards"), cards += page.Count));
        }

        long claims = 0;
        for (IReadOnlyList<StoredClaim> page; (page = await source.ReadClaimsAsync(state.LastClaim, RowsPerWrite, cancellationToken)).Count > 0;)
        {
            await target.WriteClaimsAsync(state, page, cancellationToken);
            state = state with { LastClaim = page[^1].Key };
            said?.Report((new("占用键", "claims"), claims += page.Count));
        }

        var wanted = await LedgerDigest.OfAsync(source, Saying(said, new("读取来源", "reading the source")), cancellationToken);
        var copied = await LedgerDigest.OfAsync(target, Saying(said, new("读取副本", "reading the copy")), cancellationToken);
        if (wanted != copied || wanted.Entries != await target.GetHeadAsync(cancellationToken))
        {
            throw new CopyDiffersException(wanted, copied);
        }

        await target.FinishAsync(cancellationToken);
        return copied;
    }

    private static Passed? Saying(IProgress<(Bilingual, long)>? said, Bilingual doing) => said is null ? null : new Passed(said, doing);

    private sealed class Passed(IProgress<(Bilingual, long)> said, Bilingual doing) : IProgress<long>
    {
        public void Report(long value) => said.Report((doing, value));
    }
}
