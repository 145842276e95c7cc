using GasTrace.Simulation.Clockwork;
using Grpc.Core;

namespace GasTrace.Simulation.Network;

/// <summary>What can be called: a node, dead or alive.</summary>
internal interface IEndpoint
{
    /// <summary>What runs there now.</summary>
    Process Process { get; }

    /// <summary>What it serves; null while it is down or starting.</summary>
    ServedMethods? Methods { get; }

    /// <summary>Calls to be told that it died.</summary>
    HashSet<Call> Calls { get; }
}

/// <summary>Lines between clients and nodes: late, sometimes lost, sometimes cut.</summary>
internal sealed class Network(Scheduler scheduler)
{
    /// <summary>How long a client waits for an answer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>What carries messages; never dead.</summary>
    public Process Wire { get; } = new(scheduler, "network");

    /// <summary>Share of messages that are lost.</summary>
    public double LossShare { get; set; }

    /// <summary>Share of messages at which a stream is cut.</summary>
    public double CutShare { get; set; }

    /// <summary>Mean time of a message under way.</summary>
    public double DelaySeconds { get; set; } = 0.002;

    /// <summary>Told of a fault that a service showed to its client as INTERNAL.</summary>
    public Action<string> Internal { get; set; } = _ => { };

    public TimeSpan Delay() => scheduler.Random.About(DelaySeconds);

    public bool IsLost() => LossShare > 0 && scheduler.Random.Chance(LossShare);

    public bool IsCut() => CutShare > 0 && scheduler.Random.Chance(CutShare);

    /// <summary>What a client is told of an error that a service ended with.</summary>
    public RpcException ErrorOf(string method, Exception error)
    {
        switch (error)
        {
            case RpcException rpc:
                return rpc;
            case OperationCanceledException or IOException:
                return new RpcException(new Status(StatusCode.Cancelled, error.Message));
            default:
                Internal($"{method}: {error}");
                return new RpcException(new Status(StatusCode.Internal, error.Message));
        }
    }
}
