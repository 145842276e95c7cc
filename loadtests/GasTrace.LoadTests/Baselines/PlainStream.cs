using GasTrace.Ledger.Storage;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using LedgerEntry = GasTrace.V1.LedgerEntry;

namespace GasTrace.LoadTests.Baselines;

/// <summary>A server stream as anyone would write it: entries read page by page from the same ledger, one message each.</summary>
internal static class PlainStream
{
    private const int PageEntries = 1_000;

    private static readonly Method<Int64Value, LedgerEntry> Method = new(
        MethodType.ServerStreaming, "gastrace.load.PlainStream", nameof(Service.Read),
        Marshallers.Create(request => request.ToByteArray(), Int64Value.Parser.ParseFrom), Marshallers.Create(entry => entry.ToByteArray(), LedgerEntry.Parser.ParseFrom));

    /// <summary>Reads so many entries from the first on; answers how many there were.</summary>
    public static async Task<long> ReadAsync(string address, long limit, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(address);
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(Method, null, new CallOptions(cancellationToken: cancellationToken), new Int64Value { Value = limit });
        long entries = 0;
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            entries++;
        }

        return entries;
    }

    /// <summary>What the framework looks for.</summary>
    [BindServiceMethod(typeof(Base), nameof(Bind))]
    internal abstract class Base
    {
        public static void Bind(ServiceBinderBase binder, Base? service) =>
            binder.AddMethod(Method, service is null ? null! : new ServerStreamingServerMethod<Int64Value, LedgerEntry>(service.Read));

        public abstract Task Read(Int64Value request, IServerStreamWriter<LedgerEntry> responseStream, ServerCallContext context);
    }

    internal sealed class Service(ILedgerStore store) : Base
    {
        public override async Task Read(Int64Value request, IServerStreamWriter<LedgerEntry> responseStream, ServerCallContext context)
        {
            for (long from = 0; from < request.Value; from += PageEntries)
            {
                var page = await store.ReadAsync(from, PageEntries, context.CancellationToken);
                foreach (var entry in page)
                {
                    await responseStream.WriteAsync(entry.ToMessage(), context.CancellationToken);
                }

                if (page.Count < PageEntries)
                {
                    return;
                }
            }
        }
    }
}
