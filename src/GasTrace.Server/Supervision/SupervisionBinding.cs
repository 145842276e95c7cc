using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace GasTrace.Server.Supervision;

/// <summary>
/// Binds the service of the contract by hand, so that a subscription's messages are written from stored bytes; everything
/// else is as generated.
/// </summary>
public static class SupervisionBinding
{
    /// <summary>The service's descriptor: server reflection looks for it here.</summary>
    public static ServiceDescriptor Descriptor => SupervisionService.Descriptor;

    private static readonly Marshaller<SubscribeFrame> Frames = Marshallers.Create<SubscribeFrame>(
        (frame, context) =>
        {
            context.SetPayloadLength(frame.Size);
            frame.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        _ => throw new NotSupportedException("A server reads no messages of a subscription."));

    /// <summary>Tells the framework the methods.</summary>
    public static void Bind(ServiceBinderBase binder, Base? service)
    {
        binder.AddMethod(
            new Method<SubscribeRequest, SubscribeFrame>(MethodType.ServerStreaming, Descriptor.FullName, "Subscribe", For(SubscribeRequest.Parser), Frames),
            service is null ? null! : new ServerStreamingServerMethod<SubscribeRequest, SubscribeFrame>(service.Subscribe));
        Unary(binder, "Acknowledge", AcknowledgeRequest.Parser, AcknowledgeResponse.Parser, service is null ? null : service.Acknowledge);
        Unary(binder, "GetEntry", GetEntryRequest.Parser, GetEntryResponse.Parser, service is null ? null : service.GetEntry);
        Unary(binder, "Search", SearchRequest.Parser, SearchResponse.Parser, service is null ? null : service.Search);
        Unary(binder, "Statistics", StatisticsRequest.Parser, StatisticsResponse.Parser, service is null ? null : service.Statistics);
    }

    private static void Unary<TRequest, TResponse>(
        ServiceBinderBase binder, string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        binder.AddMethod(new Method<TRequest, TResponse>(MethodType.Unary, Descriptor.FullName, name, For(requests), For(responses)), handler!);

    private static Marshaller<TMessage> For<TMessage>(MessageParser<TMessage> parser)
        where TMessage : class, IMessage<TMessage> => Marshallers.Create(
        (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    /// <summary>What an implementation of the service provides.</summary>
    [BindServiceMethod(typeof(SupervisionBinding), nameof(Bind))]
    public abstract class Base
    {
        /// <summary>Catch-up and live in one call.</summary>
        public abstract Task Subscribe(SubscribeRequest request, IServerStreamWriter<SubscribeFrame> responseStream, ServerCallContext context);

        /// <summary>Confirms a named cursor.</summary>
        public abstract Task<AcknowledgeResponse> Acknowledge(AcknowledgeRequest request, ServerCallContext context);

        /// <summary>One entry.</summary>
        public abstract Task<GetEntryResponse> GetEntry(GetEntryRequest request, ServerCallContext context);

        /// <summary>Entries by kind, place, cylinder, reason and time.</summary>
        public abstract Task<SearchResponse> Search(SearchRequest request, ServerCallContext context);

        /// <summary>Counts per station, region and day.</summary>
        public abstract Task<StatisticsResponse> Statistics(StatisticsRequest request, ServerCallContext context);
    }
}
