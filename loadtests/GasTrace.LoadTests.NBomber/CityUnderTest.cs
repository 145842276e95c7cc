using GasTrace.Ledger.Sqlite;
using GasTrace.LoadTests.Scenarios;
using GasTrace.Server.Hosting;

namespace GasTrace.LoadTests.NBomber;

/// <summary>A city in a throw-away store, a node that serves it, and callers.</summary>
internal sealed class CityUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly GasTraceNode node;
    private readonly Callers callers;

    private CityUnderTest(City city, DirectoryInfo folder, GasTraceNode node)
    {
        (this.folder, this.node) = (folder, node);
        callers = new Callers([node.Address], city.Stations);
        Scenarios = new CityScenarios(city, callers);
    }

    /// <summary>What can be run.</summary>
    public CityScenarios Scenarios { get; }

    public static async Task<CityUnderTest> StartAsync(int cylinders, int stations, int gunsPerStation)
    {
        var city = new City(cylinders, stations, gunsPerStation);
        var folder = Directory.CreateTempSubdirectory("gastrace-nbomber-");
        try
        {
            await new RegisterWriter(city).WriteAsync(new SqliteOptions(folder.FullName), new Progress<int>(), CancellationToken.None);
            return new CityUnderTest(city, folder, await GasTraceNode.StartAsync(GasTraceOptions.OnSqlite(folder.FullName) with { Port = 0 }, CancellationToken.None));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await callers.DisposeAsync();
        await node.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
