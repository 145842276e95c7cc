using GasTrace.Simulation.Clockwork;
using Grpc.Core;

namespace GasTrace.Simulation.Network;

/// <summary>What generated clients call through: the simulated network, to whichever node it chooses.</summary>
internal sealed class Invoker(Network network, Func<IEndpoint> choose) : CallInvoker
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var answer = new TaskCompletionSource<TResponse>();
        var bytes = Wire.Write(method.RequestMarshaller, request);
        var endpoint = choose();
        var wire = network.Wire;
        Call? call = null;
        wire.After(Network.Deadline, () =>
        {
            if (answer.TrySetException(new RpcException(new Status(StatusCode.DeadlineExceeded, "no answer in time"))))
            {
                call?.End(null);
            }
        });
        if (!network.IsLost())
        {
            wire.After(network.Delay(), () =>
            {
                if (endpoint.Methods is not { } methods)
                {
                    answer.TrySetException(Call.Unavailable("connection refused"));
                    return;
                }

                call = new Call(network, endpoint, method.FullName, error =>
                {
                    if (error is not null)
                    {
                        wire.After(network.Delay(), () => answer.TrySetException(error));
                    }
                });
                var asked = call;
                asked.AtServer(() => _ = ServeAsync(methods.Unary(method.FullName), asked));
            });
        }

        return new AsyncUnaryCall<TResponse>(answer.Task, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        async Task ServeAsync(ServedMethods.UnaryCall handler, Call asked)
        {
            try
            {
                var reply = await handler(bytes, asked.Context);
                asked.End(null);
                if (!network.IsLost())
                {
                    wire.After(network.Delay(), () => answer.TrySetResult(Wire.Read(method.ResponseMarshaller, reply)));
                }
            }
#pragma warning disable CA1031 // Whatever it is, the network tells the client, and of faults the run.
            catch (Exception error)
#pragma warning restore CA1031
            {
                asked.End(network.ErrorOf(method.FullName, error));
            }
        }
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var (requests, responses, end) = Open(method.FullName, options.CancellationToken);
        requests.WriteAsync(Wire.Write(method.RequestMarshaller, request));
        return new AsyncServerStreamingCall<TResponse>(
            new Reader<TResponse>(responses, method.ResponseMarshaller), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], end);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var (requests, responses, end) = Open(method.FullName, options.CancellationToken);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new Writer<TRequest>(requests, method.RequestMarshaller), new Reader<TResponse>(responses, method.ResponseMarshaller),
            Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], end);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException("No method of the contract is of this kind.");

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException("Nothing waits in the simulation.");

    private (Pipe Requests, Pipe Responses, Action End) Open(string method, CancellationToken cancellationToken)
    {
        var endpoint = choose();
        var wire = network.Wire;
        Call? call = null;
        var requests = new Pipe(wire, Hop);
        var responses = new Pipe(wire, Hop);
        wire.After(network.Delay(), () =>
        {
            if (endpoint.Methods is not { } methods)
            {
                responses.Cut(Call.Unavailable("connection refused"));
                return;
            }

            call = new Call(network, endpoint, method, error =>
            {
                if (error is null)
                {
                    responses.Complete(null);
                }
                else
                {
                    wire.After(network.Delay(), () => responses.Cut(error));
                }

                wire.After(network.Delay(), () => requests.Cut(error ?? Call.Unavailable("the call has ended")));
            });
            var asked = call;
            asked.AtServer(() => _ = ServeAsync(methods.Stream(method), asked));
        });
        cancellationToken.Register(() => call?.End(new RpcException(new Status(StatusCode.Cancelled, "the client gave up"))));
        return (requests, responses, () => call?.End(new RpcException(new Status(StatusCode.Cancelled, "the client gave up"))));

        TimeSpan Hop()
        {
            if (network.IsCut())
            {
                call?.End(Call.Unavailable("connection reset"));
            }

            return network.Delay();
        }

        async Task ServeAsync(ServedMethods.StreamCall handler, Call asked)
        {
            try
            {
                await handler(requests, responses, asked.Context);
                asked.End(null);
            }
#pragma warning disable CA1031 // Whatever it is, the network tells the client, and of faults the run.
            catch (Exception error)
#pragma warning restore CA1031
            {
                asked.End(network.ErrorOf(method, error));
            }
        }
    }
}
