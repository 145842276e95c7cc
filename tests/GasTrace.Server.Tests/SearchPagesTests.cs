using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Server.Hosting;
using GasTrace.Server.Supervision;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Server.Tests;

/// <summary>A search of a long record: how much of it a page looks at, and that none of it is left out.</summary>
public sealed class SearchPagesTests
{
    private const long Head = 3_000_000;
    private const long FirstSecond = 1_800_000_000;
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task What_is_rare_is_found_page_by_page_and_no_page_looks_at_the_whole_record()
    {
        long[] rare = [2_999_999, 1_400_000, 1_399_999, 7, 0];
        var record = new LongRecord(rare, time, TimeSpan.FromMilliseconds(100));
        var (found, pages) = await AllAsync(record, new SearchRequest { Kind = "limit_put", PageSize = 2 });
        Assert.Equal(rare, found);
        Assert.Equal((Head, 0), (record.LookedAt[0].Below, record.LookedAt[^1].From));
        Assert.All(record.LookedAt.Zip(record.LookedAt.Skip(1)), pair => Assert.InRange(pair.Second.Below, pair.First.From, pair.First.Below));
        Assert.All(record.LookedAt, stretch => Assert.InRange(stretch.Below - stretch.From, 1, ServerLimits.SearchStretchEntries));
        Assert.All(pages, page => Assert.InRange(page.Stretches, 1, 3));
        Assert.Contains(pages, page => page is { Entries: 0, Stretches: 3 });
    }

    [Fact]
    public async Task A_fast_search_goes_on_until_the_page_is_full_or_the_record_ends()
    {
        var record = new LongRecord([2_500_000, 400_000], time, TimeSpan.Zero);
        var (found, pages) = await AllAsync(record, new SearchRequest { Kind = "limit_put", PageSize = 2 });
        Assert.Equal([2_500_000, 400_000], found);
        Assert.Equal([2, 0], pages.Select(page => page.Entries));
    }

    [Fact]
    public async Task Times_bound_what_is_looked_at()
    {
        var record = new LongRecord([2_000_100, 2_000_000, 1_999_000], time, TimeSpan.Zero);
        var request = new SearchRequest { From = new Timestamp { Seconds = FirstSecond + 1_999_500 }, Until = new Timestamp { Seconds = FirstSecond + 2_000_050 } };
        var (found, _) = await AllAsync(record, request);
        Assert.Equal([2_000_000], found);
        Assert.All(record.LookedAt, stretch => Assert.True(stretch.From >= 1_999_490 && stretch.Below <= 2_000_060, $"{stretch}"));
    }

    [Fact]
    public async Task What_this_node_has_not_heard_of_yet_is_found_when_the_time_asked_about_has_not_passed()
    {
        var record = new LongRecord([2_999_999, 5], time, TimeSpan.Zero);
        var request = new SearchRequest { Until = new Timestamp { Seconds = FirstSecond + Head + 3_600 } };
        var (found, _) = await AllAsync(record, request, heard: Head - 100);
        Assert.Equal([2_999_999, 5], found);
    }

    [Fact]
    public async Task A_cylinder_is_looked_for_everywhere_at_once()
    {
        var record = new LongRecord([2_000_000, 3], time, TimeSpan.FromSeconds(1));
        var (found, pages) = await AllAsync(record, new SearchRequest { CylinderId = "C1" });
        Assert.Equal([2_000_000, 3], found);
        Assert.Single(pages);
    }

    private async Task<(List<long> Found, List<(int Entries, int Stretches)> Pages)> AllAsync(LongRecord record, SearchRequest request, long heard = Head)
    {
        var queries = new RecordQueries(record, new LedgerReader(record, new LedgerTail(heard)), record, time);
        List<long> found = [];
        List<(int, int)> pages = [];
        do
        {
            var before = record.LookedAt.Count;
            var page = await queries.SearchAsync(request, default);
            found.AddRange(page.Entries.Select(entry => entry.Position));
            pages.Add((page.Entries.Count, record.LookedAt.Count - before));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && pages.Count < 100);
        Assert.Empty(request.PageToken);
        return (found, pages);
    }

    // Three million entries, one a second, of which a few match.
    private sealed class LongRecord(long[] matching, FakeTimeProvider time, TimeSpan work) : UnaskedStores
    {
        public List<(long From, long Below)> LookedAt { get; } = [];

        public override Task<long> GetPositionAsync(CancellationToken cancellationToken) => Task.FromResult(Head);

        public override Task<long> GetHeadAsync(CancellationToken cancellationToken) => Task.FromResult(Head);

        public override Task<IReadOnlyList<LedgerEntry>> ReadAsync(long from, int limit, CancellationToken cancellationToken)
        {
            var happened = new Event { RecordedAt = new Timestamp { Seconds = FirstSecond + from }, Subject = "x", LimitPut = new LimitPut() };
            return Task.FromResult<IReadOnlyList<LedgerEntry>>(from < Head ? [new LedgerEntry(from, EntryHeader.Of(happened), happened.ToByteArray())] : []);
        }

        public override Task<IReadOnlyList<long>> SearchAsync(EntryQuery query, long from, long below, int limit, CancellationToken cancellationToken)
        {
            LookedAt.Add((from, below));
            time.Advance(work);
            bool InTime(long position) => (FirstSecond + position) * 1_000_000 is var at && (query.FromMicros is null || at >= query.FromMicros) && (query.UntilMicros is null || at < query.UntilMicros);
            return Task.FromResult<IReadOnlyList<long>>([.. matching.Where(position => position >= from && position < below && InTime(position)).Take(limit)]);
        }
    }
}
