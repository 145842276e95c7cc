using System.Diagnostics;
using System.Net.Sockets;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using static GasTrace.Server.Tests.TestNode;

namespace GasTrace.Server.Tests;

/// <summary>Whatever clients send or leave unread, they get a proper status, and the others notice nothing.</summary>
public sealed class HostileClientTests : IAsyncLifetime
{
    private TestNode node = null!;

    public static TheoryData<string> Methods => [.. Services().SelectMany(service => service.Methods).Where(method => !method.IsClientStreaming).Select(method => $"{method.Service.FullName}/{method.Name}")];

    public async ValueTask InitializeAsync() => node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_request_of_random_content_gets_a_status_that_says_whose_fault_it_is(string name)
    {
        var descriptor = Services().SelectMany(service => service.Methods).First(method => name == $"{method.Service.FullName}/{method.Name}");
        var random = new Random(name.Length);
        for (var round = 0; round < 150; round++)
        {
            var request = Fill(descriptor.InputType, random, depth: 0);
            var status = await CallAsync(descriptor, request.ToByteArray());
            Assert.True(
                status is StatusCode.OK or StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.OutOfRange or StatusCode.DeadlineExceeded,
                $"{status} for {request}");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Bytes_that_are_no_message_are_refused_and_the_node_goes_on(string name)
    {
        var descriptor = Services().SelectMany(service => service.Methods).First(method => name == $"{method.Service.FullName}/{method.Name}");
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            Assert.NotEqual(StatusCode.Unavailable, await CallAsync(descriptor, bytes));
        }

        Assert.NotNull((await node.Filling.ScanAsync(NewScan((await node.RegisterAsync()).Code))).Permit);
    }

    [Fact]
    public async Task Of_an_import_of_random_rows_each_row_gets_its_result()
    {
        var random = new Random(5);
        using var call = node.Registry.ImportCylinders();
        var importId = NewId();
        for (var message = 0; message < 5; message++)
        {
            var rows = Enumerable.Range(1, 60).Select(n => new ImportRow
            {
                RowNumber = (message * 60) + n,
                Cylinder = n % 10 == 0 ? NewCylinder().Cylinder : (CylinderRegistration)Fill(CylinderRegistration.Descriptor, random, depth: 0),
            });
            await call.RequestStream.WriteAsync(new ImportCylindersRequest { ImportId = importId, ActorId = "A1", Rows = { rows } });
            // Results come one message behind.
            if (message > 0)
            {
                Assert.True(await call.ResponseStream.MoveNext(default));
                Assert.Equal(60, call.ResponseStream.Current.Results.Count);
                Assert.Equal(6, call.ResponseStream.Current.Results.Count(result => result.CylinderId.Length > 0));
            }
        }

        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.False(await call.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task Of_random_commands_on_a_stations_stream_each_gets_its_answer()
    {
        const int Commands = 400;
        var random = new Random(9);
        using var call = node.Filling.Station();
        for (ulong n = 1; n <= Commands; n++)
        {
            var command = (StationCommand)Fill(StationCommand.Descriptor, random, depth: 0);
            command.CorrelationId = n;
            await call.RequestStream.WriteAsync(new StationRequest { Commands = { command } });
        }

        await call.RequestStream.CompleteAsync();
        HashSet<ulong> answered = [];
        while (await call.ResponseStream.MoveNext(default))
        {
            answered.UnionWith(call.ResponseStream.Current.Answers.Select(answer => answer.CorrelationId));
        }

        Assert.Equal(Commands, answered.Count);
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused()
    {
        var status = await FailureOf(() => node.Filling.ScanAsync(new ScanRequest { Scanned = new string('x', 2_000_000) }).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, status.Code);
    }

    [Fact]
    public async Task A_subscriber_that_reads_nothing_hurts_no_other_call_on_its_connection_and_loses_nothing()
    {
        // More than a stream's window holds.
        await Parallel.ForAsync(0, 600, async (_, _) => await node.RegisterAsync());
        var head = await node.HeadAsync();
        using var channel = GrpcChannel.ForAddress(node.Node.Address, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { InitialHttp2StreamWindowSize = 65_535 } });
        using var stalled = new SupervisionService.SupervisionServiceClient(channel).Subscribe(new SubscribeRequest { BatchEntriesMax = 10 });
        var filling = new FillingService.FillingServiceClient(channel);

        // Longer than the five seconds after which Kestrel, left as it comes, would cut the whole connection.
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(9);)
        {
            Assert.NotNull((await filling.ScanAsync(NewScan((await node.RegisterAsync()).Code))).Permit);
        }

        long next = 0;
        while (next < head && await stalled.ResponseStream.MoveNext(default))
        {
            foreach (var entry in stalled.ResponseStream.Current.Batch?.Entries ?? [])
            {
                Assert.Equal(next++, entry.Position);
            }
        }
    }

    [Fact]
    public async Task Connections_that_send_rubbish_or_nothing_hurt_nobody()
    {
        var random = new Random(3);
        var port = new Uri(node.Node.Address).Port;
        List<TcpClient> silent = [];
        for (var n = 0; n < 60; n++)
        {
            var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            silent.Add(client);
            if (n % 3 == 0)
            {
                continue;
            }

            var rubbish = new byte[random.Next(1, 2_000)];
            random.NextBytes(rubbish);
            byte[] sent = n % 3 == 1 ? rubbish : [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. rubbish];
            try
            {
                await client.GetStream().WriteAsync(sent);
            }
            catch (IOException)
            {
                // Refused already.
            }
        }

        Assert.NotNull((await node.Filling.ScanAsync(NewScan((await node.RegisterAsync()).Code))).Permit);
        silent.ForEach(client => client.Dispose());
    }

    private static ServiceDescriptor[] Services() =>
        [FillingReflection.Descriptor.Services[0], .. new[] { RegistryReflection.Descriptor, SupervisionReflection.Descriptor }.SelectMany(file => file.Services)];

    private async Task<StatusCode> CallAsync(MethodDescriptor descriptor, byte[] request)
    {
        var raw = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
        var method = new Method<byte[], byte[]>(
            descriptor.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary, descriptor.Service.FullName, descriptor.Name, raw, raw);
        try
        {
            if (!descriptor.IsServerStreaming)
            {
                await node.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, request);
                return StatusCode.OK;
            }

            using var call = node.Channel.CreateCallInvoker().AsyncServerStreamingCall(method, null, default, request);
            await call.ResponseStream.MoveNext(default);
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }

    private static IMessage Fill(MessageDescriptor type, Random random, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (random.Next(4) == 0 || field.IsMap || (field.FieldType == FieldType.Message && depth > 3))
            {
                continue;
            }

            if (!field.IsRepeated)
            {
                field.Accessor.SetValue(message, Value(field, random, depth));
                continue;
            }

            for (var n = random.Next(4); n > 0; n--)
            {
                ((System.Collections.IList)field.Accessor.GetValue(message)).Add(Value(field, random, depth));
            }
        }

        return message;
    }

    private static object Value(FieldDescriptor field, Random random, int depth) => field.FieldType switch
    {
        FieldType.String => ((string[])["", " ", "S1", "T1", "G1", "P1", "U1", NewId(), "气瓶", "3201021PNT1XFSNH", "32", "C1-1", "\0", "%_[]'", new string('x', random.Next(2_000)), "\uFFFD\u202E"])[random.Next(16)],
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => ((int[])[0, 1, -1, int.MaxValue, int.MinValue, random.Next()])[random.Next(6)],
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => ((long[])[0, 1, -1, long.MaxValue, long.MinValue, random.NextInt64()])[random.Next(6)],
        FieldType.UInt32 or FieldType.Fixed32 => (uint)random.Next(),
        FieldType.UInt64 or FieldType.Fixed64 => ulong.MaxValue,
        FieldType.Double => ((double[])[0, double.NaN, double.PositiveInfinity, -1e300])[random.Next(4)],
        FieldType.Float => float.NaN,
        FieldType.Bytes => ByteString.CopyFrom(new byte[random.Next(300)]),
        FieldType.Enum => random.Next(-1, 60),
        FieldType.Message => Fill(field.MessageType, random, depth + 1),
        _ => throw new NotSupportedException(field.FieldType.ToString()),
    };
}
