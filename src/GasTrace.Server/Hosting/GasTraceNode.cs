using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.Sqlite.Ledger;
using GasTrace.Ledger.Sqlite.Projections;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.Server.Errors;
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

/// <summary>A node of the service: opens its stores, wires the rooms together, serves, and closes everything in order.</summary>
public sealed class GasTraceNode : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SqliteLedgerStore store;
    private readonly SqliteProjectionStore projections;
    private readonly LedgerWriter writer;
    private int disposed;

    private GasTraceNode(WebApplication app, SqliteLedgerStore store, SqliteProjectionStore projections, LedgerWriter writer)
    {
        this.app = app;
        this.store = store;
        this.projections = projections;
        this.writer = writer;
    }

    /// <summary>Where it listens, for instance <c>http://127.0.0.1:5080</c>.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Its services, for tools that run in the same process.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Opens the stores and starts serving.</summary>
    /// <exception cref="StoreStartException">The data folder cannot be used.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<GasTraceNode> StartAsync(GasTraceOptions options, CancellationToken cancellationToken)
    {
        var sqlite = new SqliteOptions(options.DataFolder) { WriterCacheMib = options.WriterCacheMib, UnflushedCardsMax = options.UnflushedCardsMax };
        var store = SqliteLedgerStore.Open(sqlite);
        SqliteProjectionStore? projections = null;
        LedgerWriter? writer = null;
        try
        {
            projections = SqliteProjectionStore.Open(sqlite);
            var tail = new LedgerTail(await store.GetHeadAsync(cancellationToken).ConfigureAwait(false));
            await Projector.CheckAsync(projections, store, cancellationToken).ConfigureAwait(false);
            writer = new LedgerWriter(store, tail, options.QueueUnitsMax);
            var node = new GasTraceNode(Build(options, store, projections, tail, writer), store, projections, writer);
            await node.app.StartAsync(cancellationToken).ConfigureAwait(false);
            return node;
        }
        catch
        {
            await CloseAsync(writer, projections, store).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Completes when the node was told to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        await app.StopAsync().ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
        await CloseAsync(writer, projections, store).ConfigureAwait(false);
    }

    private static async Task CloseAsync(LedgerWriter? writer, SqliteProjectionStore? projections, SqliteLedgerStore store)
    {
        if (writer is not null)
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        if (projections is not null)
        {
            await projections.DisposeAsync().ConfigureAwait(false);
        }

        await store.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(GasTraceOptions options, SqliteLedgerStore store, SqliteProjectionStore projections, LedgerTail tail, LedgerWriter writer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(options.Console ? LogLevel.Information : LogLevel.None);
        if (options.Console)
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
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
        AddServices(builder.Services, options, store, projections, tail, writer);
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

    private static void AddServices(
        IServiceCollection services, GasTraceOptions options, SqliteLedgerStore store, SqliteProjectionStore projections, LedgerTail tail, LedgerWriter writer)
    {
        services.AddRouting();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = ServerLimits.MessageBytesMax;
            grpc.Interceptors.Add<ErrorInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks().AddCheck<StoreHealthCheck>("store");
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));

        services.AddSingleton(options).AddSingleton(options.Time).AddSingleton(options.CodeFormats);
        // Instances: the container does not dispose what it did not make, so the node closes them in order.
        services.AddSingleton<ILedgerStore>(store).AddSingleton<IProjectionStore>(projections).AddSingleton(writer);
        services.AddSingleton(tail).AddSingleton<LedgerReader>().AddSingleton<Projector>().AddSingleton<CommandRunner>();
        services.AddSingleton(_ => new CardCache(store, options.CachedCardsMax, keepsCylinders: false));
        services.AddSingleton(_ => new PermitSigner(options.MasterKey ?? MasterKey.Of(options.DataFolder)));
        services.AddSingleton<FillingDesk>().AddSingleton<CylinderVerification>().AddSingleton<FillingGrpcService>();
        services.AddSingleton<CylinderImport>().AddSingleton<RegisterQueries>().AddSingleton<RegistryGrpcService>();
        services.AddSingleton<CatchUpGate>().AddSingleton<CursorDesk>().AddSingleton<RecordQueries>().AddSingleton<SupervisionGrpcService>();
        services.AddSingleton<ErrorInterceptor>();
        services.AddSingleton(provider => new PermitSweeper(
            projections, provider.GetRequiredService<CommandRunner>(), options.Time, options.SweepInterval, provider.GetRequiredService<ILogger<PermitSweeper>>()));
        services.AddHostedService<ProjectorWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<PermitSweeper>());
    }
}
