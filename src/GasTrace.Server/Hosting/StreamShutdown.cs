using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GasTrace.Server.Hosting;

/// <summary>
/// Open streams hold up a shutdown until its time-out, because a call's token is not raised on stopping. For streaming
/// methods it is linked here, before the call starts: an interceptor would be too late when the call has a deadline.
/// </summary>
internal static class StreamShutdown
{
    public static void UseStreamShutdown(this IApplicationBuilder app)
    {
        var stopping = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.Use((HttpContext context, RequestDelegate next) =>
            context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { Method.Type: not MethodType.Unary } ? LinkedAsync(context, next, stopping) : next(context));
    }

    private static async Task LinkedAsync(HttpContext context, RequestDelegate next, CancellationToken stopping)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.RequestAborted = linked.Token;
        await next(context);
    }
}
