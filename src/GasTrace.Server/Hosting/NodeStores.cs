using GasTrace.Cards.Redis;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.Ledger.SqlServer;
using GasTrace.Ledger.SqlServer.Projections;
using GasTrace.Ledger.Storage;
using GasTrace.Server.Settings;

namespace GasTrace.Server.Hosting;

/// <summary>What a node keeps its things in.</summary>
/// <param name="Ledger">The record.</param>
/// <param name="Projections">The typed tables.</param>
/// <param name="IsShared">Whether other nodes write there too.</param>
/// <param name="Redis">The cache that nodes share; null when there is none.</param>
public sealed record NodeStores(ILedgerStore Ledger, IProjectionStore Projections, bool IsShared, RedisLink? Redis) : IAsyncDisposable
{
    /// <summary>Opens what the options name.</summary>
    /// <exception cref="StoreStartException">One of them cannot be used: which, and why.</exception>
    public static async Task<NodeStores> OpenAsync(GasTraceOptions options, CancellationToken cancellationToken)
    {
        var stores = options switch
        {
            { Sqlite: { } sqlite, SqlServer: null } => await OpenSqliteAsync(sqlite),
            { SqlServer: { } server, Sqlite: null } => await OpenSqlServerAsync(server, cancellationToken),
            _ => throw new InvalidOperationException("Exactly one store must be named."),
        };
        try
        {
            return options.Redis is { } redis ? stores with { Redis = await NamingAsync("Cards:Redis:Configuration", () => RedisLink.ConnectAsync(redis, options.Time)) } : stores;
        }
        catch
        {
            await stores.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }

        await Projections.DisposeAsync();
        await Ledger.DisposeAsync();
    }

    private static async Task<NodeStores> OpenSqliteAsync(SqliteOptions options)
    {
        var ledger = SqliteLedgerStore.Open(options);
        try
        {
            return new NodeStores(ledger, SqliteProjectionStore.Open(options), IsShared: false, Redis: null);
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    private static async Task<NodeStores> OpenSqlServerAsync(SqlServerOptions options, CancellationToken cancellationToken) => new(
        await NamingAsync("Storage:ConnectionString", () => SqlServerLedgerStore.OpenAsync(options, cancellationToken)), new SqlServerProjectionStore(options), IsShared: true, Redis: null);

    // Rooms do not know how settings are called; who reads the message does.
    private static async Task<TStore> NamingAsync<TStore>(string setting, Func<Task<TStore>> open)
    {
        try
        {
            return await open();
        }
        catch (StoreStartException error)
        {
            throw new StoreStartException(new($"{SettingsReader.Root}:{setting}：{error.Text.Chinese}", $"{SettingsReader.Root}:{setting}: {error.Text.English}"), error);
        }
    }
}
