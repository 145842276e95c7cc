using GasTrace.Simulation.Checking;
using GasTrace.Simulation.Network;
using GasTrace.V1;
using Google.Protobuf;
using Grpc.Core;

namespace GasTrace.Simulation.City;

/// <summary>A client that asks until it is answered, with the same request id, as terminals do; and has each answer checked.</summary>
internal sealed class Caller
{
    private readonly World world;
    private readonly string name;
    private readonly double giveUpShare;

    public Caller(World world, string name, double giveUpShare = 0.1)
    {
        (this.world, this.name, this.giveUpShare) = (world, name, giveUpShare);
        var invoker = new Invoker(world.Network, () => world.Random.Of(world.Nodes));
        (Filling, Registry, Supervision) = (new(invoker), new(invoker), new(invoker));
    }

    public FillingService.FillingServiceClient Filling { get; }

    public RegistryService.RegistryServiceClient Registry { get; }

    public SupervisionService.SupervisionServiceClient Supervision { get; }

    /// <summary>Asks; null when it was rejected, or the asking was given up.</summary>
    /// <param name="requestId">The request's id.</param>
    /// <param name="request">What is asked; not changed afterwards.</param>
    /// <param name="call">Asks once.</param>
    /// <param name="check">Looks at the answer.</param>
    public async Task<TResponse?> AskAsync<TResponse>(string requestId, IMessage request, Func<Task<TResponse>> call, Action<TResponse> check)
        where TResponse : class
    {
        world.Referee.Sent(requestId, request);
        while (true)
        {
            try
            {
                var response = await call();
                world.Operations++;
                world.History.Add(name, request.Descriptor.Name, requestId, "answered");
                check(response);
                return response;
            }
            catch (RpcException error) when (MayTryAgain(error))
            {
                if (world.HasRecovered && error.StatusCode != StatusCode.Aborted)
                {
                    world.Break($"{world.Scheduler.Elapsed - world.CalmSince} after the last fault {name} was still told {error.Status}.");
                }

                world.History.Add(name, request.Descriptor.Name, requestId, error.Status.StatusCode.ToString());
                if (world.Random.Chance(giveUpShare))
                {
                    return null;
                }

                await world.PauseAsync(2);
            }
            catch (RpcException error)
            {
                world.Operations++;
                world.History.Add(name, request.Descriptor.Name, requestId, error.Status.Detail);
                return null;
            }
        }
    }

    /// <summary>Asks once, whatever comes; null and why when it was no answer.</summary>
    public async Task<(TResponse? Response, StatusCode Status)> ReadAsync<TResponse>(string what, Func<Task<TResponse>> call)
        where TResponse : class
    {
        try
        {
            var response = await call();
            world.Operations++;
            world.History.Add(name, what, "read");
            return (response, StatusCode.OK);
        }
        catch (RpcException error)
        {
            world.History.Add(name, what, error.Status.StatusCode.ToString());
            return (null, error.StatusCode);
        }
    }

    private static bool MayTryAgain(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.ResourceExhausted or StatusCode.Aborted;
}
