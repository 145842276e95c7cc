using GasTrace.Simulation.Clockwork;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GasTrace.Simulation.Network;

/// <summary>What a service knows of a call.</summary>
internal sealed class CallContext : ServerCallContext
{
    private readonly CancellationTokenSource ended;

    /// <param name="method">Full name of the method.</param>
    /// <param name="ended">Raised when the client is gone.</param>
    /// <param name="aborted">Called when the service cuts the call.</param>
    public CallContext(string method, CancellationTokenSource ended, Action aborted)
    {
        this.ended = ended;
        MethodCore = method;
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime(aborted, ended.Token));
        UserStateCore = new Dictionary<object, object> { ["__HttpContext"] = http };
    }

    protected override string MethodCore { get; }

    protected override string HostCore => "simulated";

    protected override string PeerCore => "simulated";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => ended.Token;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override IDictionary<object, object> UserStateCore { get; }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

    private sealed class Lifetime(Action aborted, CancellationToken token) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; } = token;

        public void Abort() => aborted();
    }
}
