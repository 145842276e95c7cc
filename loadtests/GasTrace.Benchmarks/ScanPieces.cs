using BenchmarkDotNet.Attributes;
using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger.Storage;
using GasTrace.LoadTests.Scenarios;
using GasTrace.Server.Filling;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Benchmarks;

/// <summary>What a scan that gets its permit costs between the wire and the writer, piece by piece, in the order in which it happens.</summary>
public class ScanPieces
{
    private readonly Moment now = new(TimeProvider.System.GetUtcNow());
    private readonly PermitSigner signer = new(new byte[PermitSigner.KeyBytes]);
    private ScanRequest request = new();
    private byte[] requestBytes = [];
    private byte[] cylinderBytes = [];
    private CylinderCard cylinder = new();
    private IReadOnlyList<Card> cards = [];
    private Event issued = new();
    private byte[] issuedBytes = [];
    private ScanResponse response = new();
    private CardKey cylinderKey;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        await using var city = await SmallCity.OpenAsync();
        request = SmallCity.Requests.Scan(caller: 0, city.NextCylinder());
        requestBytes = request.ToByteArray();
        var command = new ScanCommand(request, SmallCity.Formats);
        cards = await city.CardsOfAsync(command);
        var card = cards.First(card => card.State is CylinderCard);
        cylinderKey = card.Key;
        cylinder = (CylinderCard)card.State!;
        cylinderBytes = cylinder.ToByteArray();
        issued = NameAndDecide().Events[^1];
        issuedBytes = issued.ToByteArray();
        response = command.Reply(issued, 1);
        signer.Sign(response.Permit);
    }

    [Benchmark(Description = "parse the request")]
    public ScanRequest ParseRequest() => ScanRequest.Parser.ParseFrom(requestBytes);

    [Benchmark(Description = "read the code")]
    public CodeReading ReadCode() => CodeReading.Read(request.Scanned, SmallCity.Formats);

    [Benchmark(Description = "check the request's shape, digest it")]
    public Rejection? Validate() => new ScanCommand(request, SmallCity.Formats).Validate();

    [Benchmark(Description = "parse the cylinder's card")]
    public IMessage ParseCard() => CardStates.Parse(cylinderKey, cylinderBytes);

    [Benchmark(Description = "name its cards and decide by 44 rules")]
    public Decision NameAndDecide()
    {
        var command = new ScanCommand(request, SmallCity.Formats);
        var set = new CardSet();
        command.Name(set);
        while (set.Wanted.Count > 0)
        {
            set.Load([.. set.Wanted.Select(Find)]);
            command.Name(set);
        }

        return command.Decide(set, now);
    }

    [Benchmark(Description = "serialise the entry")]
    public byte[] SerialiseEntry() => issued.ToByteArray();

    [Benchmark(Description = "hash the entry as a leaf")]
    public byte[] HashEntry() => LeafHash.Of(issuedBytes);

    [Benchmark(Description = "serialise the cylinder's card")]
    public byte[] SerialiseCard() => cylinder.ToByteArray();

    [Benchmark(Description = "sign the permit")]
    public void Sign() => signer.Sign(response.Permit);

    [Benchmark(Description = "serialise the answer")]
    public byte[] SerialiseAnswer() => response.ToByteArray();

    private Card Find(CardKey key) => cards.First(card => card.Key == key);
}
