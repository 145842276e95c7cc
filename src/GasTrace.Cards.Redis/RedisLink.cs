using System.Security.Authentication;
using System.Security.Cryptography;
using GasTrace.Ledger.Storage;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace GasTrace.Cards.Redis;

/// <summary>
/// The one connection to Redis, and the guard in front of it: a call that takes too long is given up, and when half of them
/// fail Redis is left alone for a while. Nothing here ever throws for want of Redis.
/// </summary>
public sealed class RedisLink : IAsyncDisposable
{
    private readonly ConnectionMultiplexer connection;
    private readonly ResiliencePipeline guard;
    private readonly CircuitBreakerStateProvider circuit = new();
    private bool? isCluster;

    private RedisLink(RedisOptions options, ConnectionMultiplexer connection, TimeProvider time)
    {
        Options = options;
        this.connection = connection;
        Metrics = new RedisMetrics(() => IsUp);
        guard = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                StateProvider = circuit,
                ShouldHandle = new PredicateBuilder().Handle<RedisException>().Handle<TimeoutRejectedException>(),
                FailureRatio = 0.5,
                MinimumThroughput = 8,
                SamplingDuration = TimeSpan.FromSeconds(2),
                BreakDuration = options.BreakDuration,
            })
            .AddTimeout(options.Timeout)
            .Build();
    }

    /// <summary>Its settings.</summary>
    public RedisOptions Options { get; }

    /// <summary>What it counts.</summary>
    public RedisMetrics Metrics { get; }

    /// <summary>Whether Redis is reached and not left alone.</summary>
    public bool IsUp => connection.IsConnected && circuit.CircuitState is CircuitState.Closed or CircuitState.HalfOpen;

    internal IDatabase Database => connection.GetDatabase();

    internal ISubscriber Subscriber => connection.GetSubscriber();

    /// <summary>True when the keys of one command must lie in one slot.</summary>
    internal bool IsCluster
    {
        get
        {
            if (isCluster is null && connection.IsConnected)
            {
                isCluster = Array.Exists(connection.GetServers(), server => server.ServerType == ServerType.Cluster);
            }

            return isCluster ?? false;
        }
    }

    /// <summary>
    /// Connects. A Redis that is away is no reason not to start: it is taken up when it comes. One that refuses the user or the
    /// password is, or whose certificate is not trusted: that does not pass by itself.
    /// </summary>
    /// <exception cref="StoreStartException">The configuration cannot be read, Redis refuses the user or password, or its certificate is not trusted.</exception>
    public static async Task<RedisLink> ConnectAsync(RedisOptions options, TimeProvider time)
    {
        ConfigurationOptions configuration;
        try
        {
            configuration = ConfigurationOptions.Parse(options.Configuration);
            configuration.ClientName ??= "gastrace";
            configuration.BacklogPolicy = BacklogPolicy.FailFast;
            configuration.AbortOnConnectFail = true;
            configuration.ConnectRetry = 1;
            configuration.ConnectTimeout = 2_000;
            // Nothing is broadcast but our own channel, so that a user may be held to it.
            configuration.ConfigurationChannel = string.Empty;
            configuration.ReconnectRetryPolicy = new LinearRetry(500);
            if (options.CertificateAuthorityFile.Length > 0)
            {
                configuration.TrustIssuer(options.CertificateAuthorityFile);
            }
        }
        catch (Exception error) when (error is ArgumentException or IOException or CryptographicException)
        {
            throw new StoreStartException(new($"无法读取 Redis 的配置：{OneLine(error)}", $"The configuration of Redis cannot be read: {OneLine(error)}"), error);
        }

        if (configuration.EndPoints.Count == 0)
        {
            throw new StoreStartException(new("Redis 的配置没有指明服务器。", "The configuration of Redis names no server."));
        }

        try
        {
            return new RedisLink(options, await ConnectionMultiplexer.ConnectAsync(configuration), time);
        }
        catch (RedisConnectionException error) when (error.FailureType == ConnectionFailureType.AuthenticationFailure)
        {
            throw new StoreStartException(
                error.InnerException is AuthenticationException untrusted
                    ? new($"Redis 的证书不受信任：{OneLine(untrusted)}", $"The certificate of Redis is not trusted: {OneLine(untrusted)}")
                    : new($"Redis 拒绝该用户或密码：{OneLine(error.InnerException ?? error)}", $"Redis refuses the user or the password: {OneLine(error.InnerException ?? error)}"),
                error);
        }
        catch (RedisConnectionException)
        {
            configuration.AbortOnConnectFail = false;
            return new RedisLink(options, await ConnectionMultiplexer.ConnectAsync(configuration), time);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Metrics.Dispose();
        await connection.DisposeAsync();
    }

    /// <summary>Makes a call; answers false with nothing when it failed, took too long, or was not tried.</summary>
    internal async ValueTask<(bool Done, TResult? Result)> TryAsync<TState, TResult>(
        Func<TState, Task<TResult>> call, TState state, CancellationToken cancellationToken)
    {
        try
        {
            var result = await guard.ExecuteAsync(
                static async (work, token) => await work.call(work.state).WaitAsync(token), (call, state), cancellationToken);
            return (true, result);
        }
        catch (Exception error) when (error is RedisException or TimeoutRejectedException or BrokenCircuitException or ObjectDisposedException)
        {
            Metrics.Failed();
            return default;
        }
    }

    private static string OneLine(Exception error) => error.Message.ReplaceLineEndings(" ");
}
