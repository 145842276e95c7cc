using GasTrace.Domain.Deciding;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Hosting;

namespace GasTrace.Server.Errors;

/// <summary>Turns what services throw into statuses with details. Faults of this program stay INTERNAL, and are logged by the framework.</summary>
public sealed class ErrorInterceptor(IHostApplicationLifetime lifetime) : Interceptor
{
    /// <inheritdoc />
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (Translate(error) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc />
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception error) when (Translate(error) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc />
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception error) when (Translate(error) is { } translated)
        {
            throw translated;
        }
    }

    private RpcException? Translate(Exception error) => error switch
    {
        RejectedException rejected => RpcErrors.ToStatus(rejected.Rejection).ToRpcException(),
        OperationCanceledException or IOException when lifetime.ApplicationStopping.IsCancellationRequested => RpcErrors.ShuttingDown().ToRpcException(),
        _ => RpcErrors.ToStatus(error)?.ToRpcException(),
    };
}
