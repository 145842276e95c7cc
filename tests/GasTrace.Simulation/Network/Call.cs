using GasTrace.Simulation.Clockwork;
using Grpc.Core;

namespace GasTrace.Simulation.Network;

/// <summary>A call under way: it ends once, whoever ends it, and each side learns of it in its own time.</summary>
#pragma warning disable CA1001 // The source has no timer and no link, so there is nothing to release.
internal sealed class Call
#pragma warning restore CA1001
{
    private readonly Network network;
    private readonly IEndpoint endpoint;
    private readonly Process server;
    private readonly Action<RpcException?> tellClient;
    private readonly CancellationTokenSource gone = new();
    private bool ended;

    public Call(Network network, IEndpoint endpoint, string method, Action<RpcException?> tellClient)
    {
        (this.network, this.endpoint, this.tellClient) = (network, endpoint, tellClient);
        server = endpoint.Process;
        Context = new CallContext(method, gone, () => End(Unavailable("the server cut the call")));
        endpoint.Calls.Add(this);
    }

    public static RpcException Unavailable(string why) => new(new Status(StatusCode.Unavailable, why));

    /// <summary>What the service knows of the call.</summary>
    public CallContext Context { get; }

    /// <summary>Runs something at the server, should it still be what was called.</summary>
    public void AtServer(Action action) => server.Post(action);

    /// <summary>Ends the call: with an answer, an error, a death or a cut.</summary>
    public void End(RpcException? error)
    {
        if (ended)
        {
            return;
        }

        ended = true;
        endpoint.Calls.Remove(this);
        tellClient(error);
        network.Wire.After(network.Delay(), () => server.Post(gone.Cancel));
    }
}
