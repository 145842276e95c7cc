using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Server.Filling;
using GasTrace.Server.Registry;
using GasTrace.Server.Supervision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GasTrace.Server.Hosting;

/// <summary>A node of the service: opens its stores, serves, and closes everything in order.</summary>
public sealed class GasTraceNode : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly NodeStores? owned;
    private int disposed;

    private GasTraceNode(WebApplication app, NodeStores? owned)
    {
        this.app = app;
        this.owned = owned;
    }

    /// <summary>Where it listens, for instance <c>http://127.0.0.1:5080</c>.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Its services, for tools that run in the same process.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Opens the stores that the options name and starts serving; they are closed with the node.</summary>
    /// <exception cref="StoreStartException">A store cannot be used.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<GasTraceNode> StartAsync(GasTraceOptions options, CancellationToken cancellationToken)
    {
        var stores = await NodeStores.OpenAsync(options, cancellationToken);
        try
        {
            return await StartAsync(options, stores, stores, cancellationToken);
        }
        catch
        {
            await stores.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts serving on stores that others may use too; they stay open.</summary>
    /// <exception cref="StoreStartException">A store cannot be used.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static Task<GasTraceNode> StartAsync(GasTraceOptions options, NodeStores stores, CancellationToken cancellationToken) =>
        StartAsync(options, stores, owned: null, cancellationToken);

    /// <summary>Completes when the node was told to stop.</summary>
    /// <exception cref="NodeStoppedException">It stopped by itself.</exception>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        var fault = Services.GetRequiredService<NodeFault>();
        await app.WaitForShutdownAsync(cancellationToken);
        if (fault.Cause is { } cause)
        {
            throw new NodeStoppedException(cause);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        await app.StopAsync();
        await app.DisposeAsync();
        if (owned is not null)
        {
            await owned.DisposeAsync();
        }
    }

    private static async Task<GasTraceNode> StartAsync(GasTraceOptions options, NodeStores stores, NodeStores? owned, CancellationToken cancellationToken)
    {
        await Projector.CheckAsync(stores.Projections, stores.Ledger, cancellationToken);
        var tail = new LedgerTail(await stores.Ledger.GetHeadAsync(cancellationToken));
        var app = Build(options, stores, tail);
        try
        {
            await app.StartAsync(cancellationToken);
            return new GasTraceNode(app, owned);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(GasTraceOptions options, NodeStores stores, LedgerTail tail)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(options.Console ? LogLevel.Information : LogLevel.None);
        if (options.Console)
        {
            // A failed check is told once, by HealthChanges, not at every check. And as long as the host's diagnostics might log anything at
            // all, each call gets an activity and a scope of its own, which nothing here shows.
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning)
                .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // 240 B/s by default, counted even while a client's window is shut, and it aborts the whole connection.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
            kestrel.Limits.Http2.InitialStreamWindowSize = 512 * 1024;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddFace(options, stores.Redis is not null).AddCore(options, stores, tail).AddWork(options, stores);
        var app = builder.Build();
        app.UseRouting();
        app.UseStreamShutdown();
        app.MapGrpcService<FillingGrpcService>();
        app.MapGrpcService<RegistryGrpcService>();
        app.MapGrpcService<SupervisionGrpcService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        return app;
    }
}
