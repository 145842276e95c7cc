using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.Server.Filling;
using GasTrace.Server.Hosting;
using GasTrace.Server.Registry;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace GasTrace.Server.Tests;

/// <summary>Lists of a large register: how much of it a page looks at, and that nothing is left out.</summary>
public sealed class CylinderPagesTests
{
    private const int Registered = 1_000_000;
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task What_is_rare_is_found_page_by_page_and_no_page_looks_at_the_whole_register()
    {
        int[] rare = [0, 3, 400_000, 400_001, 999_999];
        var register = new LargeRegister(rare, time, TimeSpan.FromMilliseconds(100));
        var (found, pages) = await AllAsync(register, new ListCylindersRequest { Model = "YSP2", PageSize = 2 });
        Assert.Equal(rare, found);
        Assert.All(register.LookedAt, stretch => Assert.InRange(stretch.Through - stretch.After, 1, ServerLimits.ListStretchCylinders));
        Assert.Equal((-1, Registered - 1), (register.LookedAt[0].After, register.LookedAt[^1].Through));
        Assert.All(register.LookedAt.Zip(register.LookedAt.Skip(1)), pair => Assert.InRange(pair.Second.After, pair.First.After, pair.First.Through));
        Assert.All(pages, page => Assert.InRange(page.Stretches, 1, 3));
        Assert.Contains(pages, page => page is { Cylinders: 0, Stretches: 3 });
    }

    [Theory]
    [InlineData("M1", "")]
    [InlineData("", "YSP2")]
    public async Task A_fast_list_goes_on_until_the_page_is_full_or_the_register_ends(string maker, string model)
    {
        var register = new LargeRegister([7, 900_000, 900_001], time, TimeSpan.Zero);
        var (found, pages) = await AllAsync(register, new ListCylindersRequest { Maker = maker, Model = model, PageSize = 2 });
        Assert.Equal([7, 900_000, 900_001], found);
        Assert.Equal([2, 1], pages.Select(page => page.Cylinders));
    }

    [Fact]
    public async Task A_page_of_all_or_of_a_units_is_had_at_once()
    {
        var register = new LargeRegister([1, 2, 999_999], time, TimeSpan.FromSeconds(1));
        var (found, pages) = await AllAsync(register, new ListCylindersRequest { UnitId = "U1", PageSize = 100 });
        Assert.Equal([1, 2, 999_999], found);
        Assert.Single(pages);
    }

    private static async Task<(List<int> Found, List<(int Cylinders, int Stretches)> Pages)> AllAsync(LargeRegister register, ListCylindersRequest request)
    {
        var queries = new RegisterQueries(new CardCache(register), register, register, new PermitSigner(new byte[32]), [], register.Time);
        List<int> found = [];
        List<(int, int)> pages = [];
        do
        {
            var before = register.LookedAt.Count;
            var page = await queries.ListCylindersAsync(request, default);
            found.AddRange(page.Cylinders.Select(cylinder => LargeRegister.NumberOf(cylinder.CylinderId)));
            pages.Add((page.Cylinders.Count, register.LookedAt.Count - before));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && pages.Count < 100);
        Assert.Empty(request.PageToken);
        return (found, pages);
    }

    // A million cylinders, of which a few match.
    private sealed class LargeRegister(int[] matching, FakeTimeProvider time, TimeSpan work) : UnaskedStores
    {
        public FakeTimeProvider Time => time;

        public List<(int After, int Through)> LookedAt { get; } = [];

        public static int NumberOf(string cylinderId) => cylinderId.Length == 0 ? -1 : cylinderId[0] == 'C' ? int.Parse(cylinderId[1..], System.Globalization.CultureInfo.InvariantCulture) : Registered - 1;

        public override Task<IReadOnlyList<string>> ListCylindersAsync(CylinderQuery query, string afterId, string throughId, int limit, CancellationToken cancellationToken)
        {
            var (after, through) = (NumberOf(afterId), NumberOf(throughId));
            LookedAt.Add((after, through));
            time.Advance(work);
            return Task.FromResult<IReadOnlyList<string>>([.. matching.Where(number => number > after && number <= through).Select(IdOf).Take(limit)]);
        }

        public override Task<string?> SkipCylindersAsync(string unitId, string afterId, int cylinders, CancellationToken cancellationToken) =>
            Task.FromResult(NumberOf(afterId) + cylinders is var number && number < Registered ? IdOf(number) : null);

        public override ValueTask<IReadOnlyList<StoredCard>> GetCardsAsync(IReadOnlyList<CardKey> keys, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<StoredCard>>(
            [.. keys.Select(key => new StoredCard(key, 1, new CylinderCard { Cylinder = new Cylinder { CylinderId = key.Value["cylinder:".Length..] } }.ToByteArray()))]);

        private static string IdOf(int number) => $"C{number:D7}";
    }
}
