using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Contract;

/// <summary>The suite can fail: each planted fault is found by the check that is there for it.</summary>
public class MutantStoreTests
{
    public enum Fault
    {
        None, SkipsVersions, SkipsReads, SkipsClaims, LeavesGaps, KeepsClaimsOfLosers, ForgetsCards,
    }

    [Fact]
    public async Task The_model_itself_passes()
    {
        foreach (var check in Checks.Values)
        {
            await check(new MemoryStore(Fault.None));
        }
    }

    [Theory]
    [InlineData(Fault.SkipsVersions, "stale")]
    [InlineData(Fault.SkipsReads, "read")]
    [InlineData(Fault.SkipsClaims, "claims")]
    [InlineData(Fault.LeavesGaps, "gap")]
    [InlineData(Fault.KeepsClaimsOfLosers, "stale")]
    [InlineData(Fault.ForgetsCards, "order")]
    public async Task A_planted_fault_is_found(Fault fault, string check) =>
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => Checks[check](new MemoryStore(fault)));

    private static readonly Dictionary<string, Func<ILedgerStore, Task>> Checks = new()
    {
        ["dense"] = Check.PositionsAreDense, ["stale"] = Check.StaleLoses, ["read"] = Check.ReadIsChecked, ["claims"] = Check.ClaimsAreUnique,
        ["gap"] = Check.LosersMakeNoGap, ["order"] = Check.CardsInOrder,
    };

    private sealed class MemoryStore(Fault fault) : ILedgerStore
    {
        private readonly List<LedgerEntry> entries = [];
        private readonly Dictionary<CardKey, StoredCard> cards = [];
        private readonly Dictionary<string, long> claims = [];
        private long head;

        public string LedgerId => "memory";

        public Task<AppendResult> AppendAsync(IReadOnlyList<AppendUnit> batch, CancellationToken cancellationToken)
        {
            var first = head;
            return Task.FromResult(new AppendResult(first, [.. batch.Select(Apply)]));
        }

        public Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<LedgerEntry>>([.. entries.Where(entry => entry.Position >= from).Take(limit)]);

        public ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<StoredCard>>([.. keys.Select(key => cards.GetValueOrDefault(key, new StoredCard(key, 0, default)))]);

        public Task<long?> FindClaimAsync(string key, CancellationToken cancellationToken) => Task.FromResult(claims.TryGetValue(key, out var position) ? position : (long?)null);

        public Task<long> GetHeadAsync(CancellationToken cancellationToken) => Task.FromResult(head);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private UnitOutcome Apply(AppendUnit unit)
        {
            var last = head + Math.Max(unit.Entries.Count, 1) - 1;
            if (fault != Fault.SkipsClaims && unit.Claims.FirstOrDefault(claims.ContainsKey) is { } taken)
            {
                return UnitOutcome.Taken(taken, claims[taken]);
            }

            foreach (var read in unit.Reads)
            {
                var skipped = fault == Fault.SkipsVersions || (fault == Fault.SkipsReads && unit.Writes.All(write => write.Key != read.Key));
                if (!skipped && cards.GetValueOrDefault(read.Key).Version != read.Version)
                {
                    head += fault == Fault.LeavesGaps ? 1 : 0;
                    unit.Claims.ToList().ForEach(claim => _ = fault == Fault.KeepsClaimsOfLosers && claims.TryAdd(claim, last));
                    return UnitOutcome.Stale(read.Key);
                }
            }

            foreach (var claim in unit.Claims)
            {
                claims[claim] = last;
            }

            foreach (var write in unit.Writes.Where(_ => fault != Fault.ForgetsCards))
            {
                cards[write.Key] = new StoredCard(write.Key, write.VersionSeen + 1, write.State);
            }

            entries.AddRange(unit.Entries.Select(entry => new LedgerEntry(head++, entry.Header, entry.Payload)));
            return UnitOutcome.Committed(last);
        }
    }
}
