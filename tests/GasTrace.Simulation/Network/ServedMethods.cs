using GasTrace.Server.Errors;
using Grpc.Core;

namespace GasTrace.Simulation.Network;

/// <summary>The methods that a node serves, by name, behind the interceptor that they have in the real host.</summary>
internal sealed class ServedMethods(ErrorInterceptor errors) : ServiceBinderBase
{
    private readonly Dictionary<string, object> methods = new(StringComparer.Ordinal);

    /// <summary>Takes a unary request and answers it, on the wire's bytes.</summary>
    public delegate Task<byte[]> UnaryCall(byte[] request, ServerCallContext context);

    /// <summary>Takes the two directions of a stream.</summary>
    public delegate Task StreamCall(Pipe requests, Pipe responses, ServerCallContext context);

    public UnaryCall Unary(string method) => (UnaryCall)methods[method];

    public StreamCall Stream(string method) => (StreamCall)methods[method];

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class =>
        methods[method.FullName] = (UnaryCall)(async (request, context) => Wire.Write(
            method.ResponseMarshaller, await errors.UnaryServerHandler(Wire.Read(method.RequestMarshaller, request), context, handler!)));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class =>
        methods[method.FullName] = (StreamCall)(async (requests, responses, context) =>
        {
            if (await requests.ReadAsync(context.CancellationToken) is { } request)
            {
                await errors.ServerStreamingServerHandler(
                    Wire.Read(method.RequestMarshaller, request), new Writer<TResponse>(responses, method.ResponseMarshaller), context, handler!);
            }
        });

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class =>
        methods[method.FullName] = (StreamCall)((requests, responses, context) => errors.DuplexStreamingServerHandler(
            new Reader<TRequest>(requests, method.RequestMarshaller), new Writer<TResponse>(responses, method.ResponseMarshaller), context, handler!));
}
