using BenchmarkDotNet.Attributes;
using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.LoadTests.Scenarios;
using GasTrace.V1;

namespace GasTrace.Benchmarks;

/// <summary>What a scan costs at the embedded store, over 100,000 cylinders: reading, appending durably in batches, and the whole of it without a wire.</summary>
public class StorePieces
{
    private const int Together = 256;
    private SmallCity? city;
    private LedgerWriter? writer;
    private CommandRunner? runner;
    private long position;

    private SmallCity City => city ?? throw new InvalidOperationException("The benchmark is not set up.");

    [GlobalSetup]
    public async Task SetupAsync()
    {
        city = await SmallCity.OpenAsync();
        writer = new LedgerWriter(city.Store, new LedgerTail(await city.Store.GetHeadAsync(CancellationToken.None)));
        runner = new CommandRunner(city.Store, new CardCache(city.Store, storeIsFar: false), writer, TimeProvider.System);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await writer!.DisposeAsync();
        await City.DisposeAsync();
    }

    [Benchmark(Description = "read an alias and its cylinder")]
    public async Task<IReadOnlyList<StoredCard>> ReadCardsAsync()
    {
        var number = City.NextCylinder();
        return await City.Store.GetCardsAsync(
            [CardKey.Alias(AliasKind.Code, SmallCity.City.Code(number)), CardKey.Cylinder(LoadTests.Scenarios.City.CylinderId(number))], CancellationToken.None);
    }

    [Benchmark(Description = "append an entry, 1 a commit")]
    public Task<UnitOutcome> AppendOneAsync() => writer!.AppendAsync(Unit());

    [Benchmark(Description = "append an entry, 256 at once", OperationsPerInvoke = Together)]
    public Task AppendManyAsync() => Task.WhenAll(Enumerable.Range(0, Together).Select(_ => writer!.AppendAsync(Unit())));

    [Benchmark(Description = "scan without a wire, 256 at once", OperationsPerInvoke = Together)]
    public Task ScanManyAsync() => Task.WhenAll(Enumerable.Range(0, Together).Select(caller => Task.Run(async () =>
        await runner!.RunAsync(new ScanCommand(SmallCity.Requests.Scan(caller, City.NextCylinder()), SmallCity.Formats), CancellationToken.None))));

    private AppendUnit Unit() => new(
        [new NewEntry(new EntryHeader(20, "cylinder", "S000", LoadTests.Scenarios.City.Region, "LPG", ++position), new byte[500])], [], [], [Claim.OfRequest(Requests.NewId())]);
}
