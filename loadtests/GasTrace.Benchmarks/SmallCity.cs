using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.Benchmarks;

/// <summary>A register in a folder of its own, for as long as a benchmark runs.</summary>
internal sealed class SmallCity : IAsyncDisposable
{
    private const int Cylinders = 100_000;
    private readonly DirectoryInfo folder;
    private int next;

    private SmallCity(DirectoryInfo folder, SqliteLedgerStore store)
    {
        this.folder = folder;
        Store = store;
    }

    /// <summary>How a scanned text is read.</summary>
    public static IReadOnlyList<CodeFormat> Formats { get; } = CodeFormat.Default;

    /// <summary>What there is.</summary>
    public static City City { get; } = new(Cylinders, stations: 4, gunsPerStation: 4);

    /// <summary>What terminals send.</summary>
    public static Requests Requests { get; } = new(City);

    /// <summary>The embedded store.</summary>
    public SqliteLedgerStore Store { get; }

    public static async Task<SmallCity> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("gastrace-bench-");
        var options = new SqliteOptions(folder.FullName);
        await new RegisterWriter(City).WriteAsync(options, new Progress<int>(), CancellationToken.None);
        return new SmallCity(folder, SqliteLedgerStore.Open(options));
    }

    /// <summary>A cylinder that was not asked for before, in no order; from the start again when all were.</summary>
    public int NextCylinder() => (int)(next++ * 48_271L % City.SoundCylinders);

    /// <summary>The cards that a command names, parsed.</summary>
    public async Task<IReadOnlyList<Card>> CardsOfAsync<TReply>(ICommand<TReply> command)
    {
        var cards = new CardSet();
        command.Name(cards);
        while (cards.Wanted.Count > 0)
        {
            var stored = await Store.GetCardsAsync([.. cards.Wanted], CancellationToken.None);
            cards.Load([.. stored.Select(card => new Card(card.Key, card.Version, card.Version == 0 ? null : CardStates.Parse(card.Key, card.State.Span)))]);
            command.Name(cards);
        }

        return [.. cards.Loaded];
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
