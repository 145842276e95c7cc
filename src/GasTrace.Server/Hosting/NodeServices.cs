using GasTrace.Cards.Redis;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Sharing;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.Server.Errors;
using GasTrace.Server.Filling;
using GasTrace.Server.Registry;
using GasTrace.Server.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GasTrace.Server.Hosting;

/// <summary>How the rooms are wired together: the one place that knows them all.</summary>
internal static class NodeServices
{
    // A node has met its Redis by then.
    private static readonly TimeSpan HealthWatchDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HealthWatchPeriod = TimeSpan.FromSeconds(5);

    /// <summary>What clients talk to.</summary>
    public static IServiceCollection AddFace(this IServiceCollection services, GasTraceOptions options, bool hasSharedCards)
    {
        services.AddRouting();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = ServerLimits.MessageBytesMax;
            grpc.Interceptors.Add<ErrorInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddSingleton<HealthChanges>();
        var health = services.AddGrpcHealthChecks(checks =>
        {
            checks.Services.Map(string.Empty, check => check.Name != SharedCardsHealthCheck.Name);
            if (hasSharedCards)
            {
                checks.Services.Map(SharedCardsHealthCheck.Name, check => check.Name == SharedCardsHealthCheck.Name);
            }
        }).AddCheck<StoreHealthCheck>("store");
        if (hasSharedCards)
        {
            health.AddCheck<SharedCardsHealthCheck>(SharedCardsHealthCheck.Name);
        }

        services.Configure<HealthCheckPublisherOptions>(publisher => (publisher.Delay, publisher.Period) = (HealthWatchDelay, HealthWatchPeriod));
        services.AddSingleton(options).AddSingleton(options.Time).AddSingleton(options.CodeFormats).AddSingleton<ErrorInterceptor>();
        services.AddSingleton(_ => new PermitSigner(options.MasterKey ?? MasterKey.Of(options.Sqlite!.Folder)));
        services.AddSingleton<NoticeBoard>().AddSingleton<FillingDesk>().AddSingleton<CylinderVerification>().AddSingleton<FillingGrpcService>();
        services.AddSingleton<CylinderImport>().AddSingleton<RegisterQueries>().AddSingleton<RegistryGrpcService>();
        return services.AddSingleton<CatchUpGate>().AddSingleton<CursorDesk>().AddSingleton<RecordQueries>().AddSingleton<SupervisionGrpcService>();
    }

    /// <summary>Cards, decisions, the writer and the tail.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services, GasTraceOptions options, NodeStores stores, LedgerTail tail)
    {
        // Instances: the container does not dispose what it did not make; who opened the stores closes them.
        services.AddSingleton(stores.Ledger).AddSingleton(stores.Projections).AddSingleton(tail);
        services.AddSingleton<LedgerReader>().AddSingleton<Projector>().AddSingleton<CommandRunner>();
        if (stores.Redis is { } redis)
        {
            services.AddSingleton(new RedisCards(redis)).AddSingleton<ISharedCards>(provider => provider.GetRequiredService<RedisCards>());
            services.AddSingleton(new RedisHeadSignal(redis, stores.Ledger.LedgerId)).AddSingleton<IHeadSignal>(provider => provider.GetRequiredService<RedisHeadSignal>());
            services.AddSingleton<RedisAdmission>();
        }

        if (services.Any(service => service.ServiceType == typeof(ISharedCards)))
        {
            services.AddSingleton(provider => new BelievedCards(
                provider.GetRequiredService<ISharedCards>(), options.Time, provider.GetRequiredService<ILogger<BelievedCards>>(), believes: false));
        }

        services.AddSingleton(provider => new CardCache(stores.Ledger, options.CachedCardsMax, storeIsFar: stores.IsShared, provider.GetService<BelievedCards>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TailFeed>(
            provider, (Action<IReadOnlyList<LedgerEntry>>)provider.GetRequiredService<CardCache>().Forget, options.TailInterval));
        return services.AddSingleton(provider => new LedgerWriter(stores.Ledger, tail, options.QueueUnitsMax, Written(provider), options.Time));
    }

    /// <summary>What goes on by itself. Where nodes share a store, one of them projects and one of them sweeps.</summary>
    public static IServiceCollection AddWork(this IServiceCollection services, GasTraceOptions options, NodeStores stores)
    {
        services.AddSingleton<NodeFault>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PermitSweeper>(provider, options.SweepInterval));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LeaseKeeper>(provider, options.NodeName, options.LeaseTerm));
        services.AddWorker(provider => Alone(provider, "projector", provider.GetRequiredService<Projector>().RunAsync));
        services.AddWorker(provider => Alone(provider, "sweeper", provider.GetRequiredService<PermitSweeper>().RunAsync));
        services.AddWorker(provider => provider.GetRequiredService<NoticeBoard>().RunAsync);
        if (stores.IsShared)
        {
            services.AddWorker(provider =>
            {
                var feed = provider.GetRequiredService<TailFeed>();
                provider.GetService<IHeadSignal>()?.Listen(feed.Hear);
                return feed.RunAsync;
            });
        }

        if (services.Any(service => service.ServiceType == typeof(BelievedCards)))
        {
            services.AddSingleton<SharedCardsReview>().AddWorker(provider => provider.GetRequiredService<SharedCardsReview>().RunAsync);
        }

        if (stores.Redis is not null)
        {
            services.AddWorker(provider => provider.GetRequiredService<RedisAdmission>().RunAsync);
        }

        return services;

        Func<CancellationToken, Task> Alone(IServiceProvider provider, string task, Func<CancellationToken, Task> work) =>
            stores.IsShared ? cancelled => provider.GetRequiredService<LeaseKeeper>().RunAsync(task, work, cancelled) : work;
    }

    private static void AddWorker(this IServiceCollection services, Func<IServiceProvider, Func<CancellationToken, Task>> work) =>
        services.AddSingleton<IHostedService>(provider => new NodeWorker(work(provider), provider.GetRequiredService<NodeFault>()));

    private static BatchWritten Written(IServiceProvider provider)
    {
        var feed = provider.GetRequiredService<TailFeed>();
        var signal = provider.GetService<IHeadSignal>();
        return (last, whole) =>
        {
            signal?.Announce(last);
            if (!whole)
            {
                feed.Wake();
            }
        };
    }
}
