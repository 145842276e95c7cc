using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using GasTrace.Terminal;
using GasTrace.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;
using static GasTrace.Server.Tests.TestNode;

namespace GasTrace.Server.Tests;

public sealed class FillingTests : IAsyncLifetime
{
    private TestNode node = null!;

    public async ValueTask InitializeAsync() => node = await StartAsync();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task Scan_begin_complete_and_the_record_is_in_the_ledger()
    {
        var cylinder = await node.RegisterAsync();
        var permit = (await node.Filling.ScanAsync(NewScan("https://qp.example.cn/c/" + cylinder.Code))).Permit;
        await node.Filling.BeginFillAsync(NewBegin(permit.Terms));
        var completed = await node.Filling.CompleteFillAsync(NewComplete(permit.Terms));
        Assert.Equal(14_500, completed.NetMassG);
        var entry = (await node.Supervision.GetEntryAsync(new GetEntryRequest { Position = completed.Position })).Entry;
        Assert.Equal(permit.Terms.PermitId, entry.Event.FillCompleted.Report.PermitId);
        Assert.Equal(("S1", "320102", cylinder.CylinderId), (entry.Event.StationId, entry.Event.Region, entry.Event.Subject));
    }

    [Fact]
    public async Task A_permit_can_be_checked_offline_with_the_terminals_key()
    {
        var cylinder = await node.RegisterAsync();
        var key = (await node.Registry.EnrolTerminalAsync(new EnrolTerminalRequest { TerminalId = "T1" })).PermitKey.ToByteArray();
        var permit = (await node.Filling.ScanAsync(NewScan(cylinder.Code))).Permit;
        Assert.Equal(HMACSHA256.HashData(key, permit.SignedTerms.Span), permit.HmacSha256.ToByteArray());
        Assert.Equal(permit.Terms, PermitTerms.Parser.ParseFrom(permit.SignedTerms));
        await node.RestartAsync();
        Assert.Equal(key, (await node.Registry.EnrolTerminalAsync(new EnrolTerminalRequest { TerminalId = "T1" })).PermitKey.ToByteArray());
    }

    [Fact]
    public async Task The_same_request_again_gets_the_same_answer_and_changes_nothing()
    {
        var cylinder = await node.RegisterAsync();
        var scan = NewScan(cylinder.Code);
        var first = await node.Filling.ScanAsync(scan);
        Assert.Equal(first, await node.Filling.ScanAsync(scan));
        var begin = NewBegin(first.Permit.Terms);
        Assert.Equal(await node.Filling.BeginFillAsync(begin), await node.Filling.BeginFillAsync(begin));
        var complete = NewComplete(first.Permit.Terms);
        Assert.Equal(await node.Filling.CompleteFillAsync(complete), await node.Filling.CompleteFillAsync(complete));
        await node.RestartAsync();
        var head = await node.HeadAsync();
        Assert.Equal(first, await node.Filling.ScanAsync(scan));
        Assert.Equal(head, await node.HeadAsync());
    }

    [Fact]
    public async Task The_same_abort_again_gets_the_same_answer_though_the_permit_is_closed()
    {
        var cylinder = await node.RegisterAsync();
        var permit = (await node.Filling.ScanAsync(NewScan(cylinder.Code))).Permit.Terms;
        var abort = new AbortFillRequest { RequestId = NewId(), PermitId = permit.PermitId, TerminalId = "T1", Reason = "leak" };
        Assert.Equal(await node.Filling.AbortFillAsync(abort), await node.Filling.AbortFillAsync(abort));
    }

    [Fact]
    public async Task The_same_request_id_with_other_content_is_refused()
    {
        var cylinder = await node.RegisterAsync();
        var scan = NewScan(cylinder.Code);
        await node.Filling.ScanAsync(scan);
        scan.GunId = "G2";
        Assert.Equal((StatusCode.AlreadyExists, "REQUEST_ID_REUSED"), await Reason(() => node.Filling.ScanAsync(scan).ResponseAsync));
    }

    [Fact]
    public async Task One_cylinder_scanned_at_all_guns_at_once_gets_one_permit()
    {
        for (var round = 0; round < 20; round++)
        {
            var cylinder = await node.RegisterAsync();
            var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(gun => node.Filling.ScanAsync(NewScan(cylinder.Code, $"G{gun}")).ResponseAsync));
            Assert.Single(answers, answer => answer.Permit is not null);
            Assert.All(answers.Where(answer => answer.Permit is null), answer => Assert.Equal("PERMIT_OPEN", Assert.Single(answer.Refusal.Findings).Code));
        }
    }

    [Fact]
    public async Task Of_many_starts_on_one_gun_at_once_one_begins()
    {
        var permits = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => (await node.Filling.ScanAsync(NewScan((await node.RegisterAsync()).Code))).Permit.Terms));
        var begun = await Task.WhenAll(permits.Select(async permit =>
        {
            try
            {
                await node.Filling.BeginFillAsync(NewBegin(permit));
                return "begun";
            }
            catch (RpcException error)
            {
                return error.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;
            }
        }));
        Assert.Single(begun, outcome => outcome == "begun");
        Assert.Equal(5, begun.Count(outcome => outcome == "SCALE_BUSY"));
    }

    [Fact]
    public async Task A_repeated_start_under_another_id_is_refused_and_an_invalid_permit_is_answered()
    {
        var cylinder = await node.RegisterAsync();
        var permit = (await node.Filling.ScanAsync(NewScan(cylinder.Code))).Permit.Terms;
        await node.Filling.BeginFillAsync(NewBegin(permit));
        Assert.Equal((StatusCode.FailedPrecondition, "PERMIT_BEGUN"), await Reason(() => node.Filling.BeginFillAsync(NewBegin(permit)).ResponseAsync));
        await node.Filling.CompleteFillAsync(NewComplete(permit));
        Assert.Equal((StatusCode.FailedPrecondition, "PERMIT_COMPLETED"), await Reason(() => node.Filling.BeginFillAsync(NewBegin(permit)).ResponseAsync));
        permit = permit.Clone();
        permit.PermitId = "C9-1";
        Assert.Equal((StatusCode.NotFound, "NOT_FOUND"), await Reason(() => node.Filling.BeginFillAsync(NewBegin(permit)).ResponseAsync));
    }

    [Fact]
    public async Task A_suspension_holds_from_its_commit_on_for_cards_in_memory_too()
    {
        var cylinder = await node.RegisterAsync();
        await node.Filling.ScanAsync(NewScan("ABC"));
        await node.Registry.SuspendStationAsync(new SuspendStationRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", Status = StationStatus.Suspended, Reason = "audit" });
        var refusal = (await node.Filling.ScanAsync(NewScan(cylinder.Code))).Refusal;
        Assert.Equal("STATION_SUSPENDED", Assert.Single(refusal.Findings).Code);
        await node.Registry.ResumeStationAsync(new ResumeStationRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", Reason = "passed" });
        Assert.NotNull((await node.Filling.ScanAsync(NewScan(cylinder.Code))).Permit);
    }

    [Fact]
    public async Task Permits_that_nobody_comes_back_to_are_swept_each_once()
    {
        var cylinders = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => node.RegisterAsync()));
        var permits = await Task.WhenAll(cylinders.Select(async cylinder => (await node.Filling.ScanAsync(NewScan(cylinder.Code))).Permit.Terms.PermitId));
        await node.ProjectedAsync();
        node.Clock.Ahead = TimeSpan.FromMinutes(11);
        using var call = node.Supervision.Subscribe(new SubscribeRequest { Filter = new EntryFilter { Kinds = { "permit_expired" } } });
        List<string> expired = [];
        while (expired.Count < permits.Length && await call.ResponseStream.MoveNext(default))
        {
            expired.AddRange(call.ResponseStream.Current.Batch?.Entries.Select(entry => entry.Event.PermitExpired.PermitId) ?? []);
        }

        Assert.Equal(permits.Order(StringComparer.Ordinal), expired.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Verify_tells_what_may_be_known_and_consumes_nothing()
    {
        var cylinder = await node.RegisterAsync(spoilt => spoilt.Refurbished = true);
        var head = await node.HeadAsync();
        var known = await node.Filling.VerifyAsync(new VerifyRequest { Scanned = cylinder.Code });
        Assert.Equal(("YSP35.5", "U1", "REFURBISHED"), (known.Model, known.UnitId, Assert.Single(known.Findings).Code));
        Assert.Equal(head, await node.HeadAsync());
        Assert.Equal(StatusCode.InvalidArgument, (await FailureOf(() => node.Filling.VerifyAsync(new VerifyRequest { Scanned = "ABC" }).ResponseAsync)).Code);
        Assert.Equal(StatusCode.NotFound, (await FailureOf(() => node.Filling.VerifyAsync(new VerifyRequest { Scanned = Domain.Registry.Codes.IssuedIdentity.Code("320102", "x") }).ResponseAsync)).Code);
    }

    [Theory]
    [InlineData("request_id")]
    [InlineData("scanned")]
    [InlineData("operator_id")]
    [InlineData("gun_id")]
    [InlineData("checks.item")]
    [InlineData("weighed_tare_g")]
    [InlineData("overrides.reason")]
    public async Task A_malformed_scan_names_field_value_and_rule(string field)
    {
        var scan = NewScan("ABC");
        switch (field)
        {
            case "request_id":
                scan.RequestId = "7";
                break;
            case "scanned":
                scan.Scanned = new string('x', 513);
                break;
            case "operator_id":
                scan.OperatorId = "a\u0007b";
                break;
            case "gun_id":
                scan.GunId = "G1 ";
                break;
            case "checks.item":
                scan.Checks[0].Item = (PrefillItem)99;
                break;
            case "weighed_tare_g":
                scan.WeighedTareG = -1;
                break;
            default:
                scan.Overrides.Add(new Override { Refusal = RefusalCode.TareDeviation, SupervisorId = "P7" });
                break;
        }

        var failure = await FailureOf(() => node.Filling.ScanAsync(scan).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, failure.Code);
        var violation = Assert.Single(failure.Bad!.FieldViolations);
        Assert.Equal(field, violation.Field);
        Assert.Contains("must", violation.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(79)]
    public async Task An_error_carries_the_beginning_of_a_long_value_and_no_half_of_a_character(int before)
    {
        var beginning = new string('x', before);
        var failure = await FailureOf(() => node.Filling.VerifyAsync(new VerifyRequest { Scanned = beginning + "\U0001F6E2" + new string('x', 500) }).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, failure.Code);
        Assert.StartsWith($"'{beginning}…' must", Assert.Single(failure.Bad!.FieldViolations).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused()
    {
        var scan = NewScan(new string('x', 2_000_000));
        Assert.Equal(StatusCode.ResourceExhausted, (await FailureOf(() => node.Filling.ScanAsync(scan).ResponseAsync)).Code);
    }

    [Fact]
    public async Task A_stations_stream_carries_many_guns_and_answers_each()
    {
        await using var link = new StationLink(node.Filling, _ => { });
        var cylinders = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => node.RegisterAsync()));
        var fills = await Task.WhenAll(cylinders.Select(async (cylinder, n) =>
        {
            var permit = (await link.ScanAsync(NewScan(cylinder.Code, $"G{(n % 8) + 1}"), default)).Permit.Terms;
            return await link.CompleteAsync(NewComplete(permit), default);
        }));
        Assert.Equal(200, fills.Select(fill => fill.Position).Distinct().Count());
        var error = await Assert.ThrowsAsync<RpcException>(() => link.ScanAsync(new ScanRequest { RequestId = "7" }, default));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task A_link_to_a_server_that_says_nothing_ends_all_the_same()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var channel = GasTraceChannel.Open(new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"));
        var clock = new FakeTimeProvider();
        var link = new StationLink(new FillingService.FillingServiceClient(channel), _ => { }, clock);
        var asked = link.ScanAsync(NewScan("ABC"), default);
        await EndAsync(link, clock);
        await Assert.ThrowsAsync<RpcException>(() => asked);
    }

    [Fact]
    public async Task Who_gives_up_waiting_on_a_link_is_let_go_and_the_others_wait_on()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var channel = GasTraceChannel.Open(new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"));
        var clock = new FakeTimeProvider();
        var link = new StationLink(new FillingService.FillingServiceClient(channel), _ => { }, clock);
        using var patience = new CancellationTokenSource();
        var impatient = link.ScanAsync(NewScan("ABC"), patience.Token);
        var patient = link.ScanAsync(NewScan("DEF"), default);
        patience.Cancel();
        var given = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.Equal(patience.Token, given.CancellationToken);
        Assert.False(patient.IsCompleted);
        await EndAsync(link, clock);
        await Assert.ThrowsAsync<RpcException>(() => patient);
    }

    [Fact]
    public async Task A_station_hears_at_once_of_a_revoked_permit_a_lock_and_a_suspension()
    {
        var heard = System.Threading.Channels.Channel.CreateUnbounded<StationNotice>();
        await using var link = new StationLink(node.Filling, notice => heard.Writer.TryWrite(notice));
        var cylinder = await node.RegisterAsync();

        // Who ends a fill hears of it in the answer: that is no notice.
        var ended = (await link.ScanAsync(NewScan(cylinder.Code), default)).Permit.Terms;
        await link.AbortAsync(new AbortFillRequest { RequestId = NewId(), PermitId = ended.PermitId, TerminalId = "T1", Reason = "leak" }, default);
        var permit = (await link.ScanAsync(NewScan(cylinder.Code), default)).Permit.Terms;
        await node.Registry.BlacklistAsync(new BlacklistRequest { RequestId = NewId(), ActorId = "A1", CylinderId = cylinder.CylinderId, Reason = "black market" });
        Assert.Equal(permit.PermitId, (await heard.Reader.ReadAsync()).PermitRevoked.PermitId);
        await node.Registry.LockScaleAsync(new LockScaleRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", TerminalId = "T1", Reason = "audit" });
        Assert.Equal(("T1", true), (await heard.Reader.ReadAsync() is { LockChanged: { } changed }) ? (changed.TerminalId, changed.Locked) : default);
        await node.Registry.SuspendStationAsync(new SuspendStationRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", Status = StationStatus.Suspended, Reason = "audit" });
        Assert.True((await heard.Reader.ReadAsync()).SuspensionChanged.Suspended);
    }

    // A link to a server that says nothing ends when its patience is over, by the given clock.
    private static async Task EndAsync(StationLink link, FakeTimeProvider clock)
    {
        var ending = link.DisposeAsync().AsTask();
        while (!ending.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await ending;
    }

    private static async Task<(StatusCode, string)> Reason(Func<Task> call)
    {
        var failure = await FailureOf(call);
        return (failure.Code, failure.Reason);
    }
}
