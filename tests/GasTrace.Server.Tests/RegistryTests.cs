using GasTrace.V1;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using static GasTrace.Server.Tests.TestNode;

namespace GasTrace.Server.Tests;

public sealed class RegistryTests : IAsyncLifetime
{
    private TestNode node = null!;

    public async ValueTask InitializeAsync() => node = await StartAsync();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task A_serial_number_of_a_maker_and_year_is_registered_once()
    {
        var first = NewCylinder();
        await node.Registry.RegisterCylinderAsync(first);
        var again = NewCylinder(cylinder => cylinder.SerialNumber = first.Cylinder.SerialNumber);
        var failure = await FailureOf(() => node.Registry.RegisterCylinderAsync(again).ResponseAsync);
        Assert.Equal((StatusCode.AlreadyExists, "SERIAL_TAKEN"), (failure.Code, failure.Reason));
        again.Cylinder.ManufacturedOn = Day(2023, 1, 1);
        Assert.NotEmpty((await node.Registry.RegisterCylinderAsync(again)).CylinderId);
    }

    [Fact]
    public async Task An_import_reports_each_bad_row_takes_the_others_and_may_be_sent_again()
    {
        var request = new ImportCylindersRequest { ImportId = NewId(), ActorId = "A1" };
        for (var row = 1; row <= 10; row++)
        {
            request.Rows.Add(new ImportRow { RowNumber = row, Cylinder = NewCylinder().Cylinder });
        }

        request.Rows[3].Cylinder.MaxNetMassG = 20_000;
        request.Rows[6].Cylinder.SerialNumber = request.Rows[5].Cylinder.SerialNumber;
        var first = await ImportAsync(request);
        Assert.Equal([4L, 7], first.Where(result => result.Error is not null).Select(result => result.RowNumber));
        Assert.Equal("max_net_mass_g", Assert.Single(first[3].Error.GetDetail<BadRequest>()!.FieldViolations).Field);
        Assert.Equal("SERIAL_TAKEN", first[6].Error.GetDetail<ErrorInfo>()!.Reason);
        var head = await node.HeadAsync();
        Assert.Equal(first.Select(result => result.CylinderId), (await ImportAsync(request)).Select(result => result.CylinderId));
        Assert.Equal(head, await node.HeadAsync());
    }

    [Fact]
    public async Task What_is_registered_can_be_shown_listed_and_looked_back_on()
    {
        var cylinder = await node.RegisterAsync(given => given.Aliases.Add(new Alias { Kind = AliasKind.StampedNumber, Value = " ab-７ " }));
        var permit = (await node.Filling.ScanAsync(NewScan(cylinder.Code))).Permit.Terms;
        await node.Filling.CompleteFillAsync(NewComplete(permit));
        await node.ProjectedAsync();
        Assert.Equal(cylinder.CylinderId, (await node.Registry.GetCylinderAsync(new GetCylinderRequest { Scanned = cylinder.Code })).Cylinder.CylinderId);
        Assert.Equal(cylinder.CylinderId, (await node.Registry.GetCylinderAsync(new GetCylinderRequest { Scanned = "AB-7" })).Cylinder.CylinderId);
        Assert.Equal(cylinder.CylinderId, Assert.Single((await node.Registry.ListCylindersAsync(new ListCylindersRequest { UnitId = "U1" })).Cylinders).CylinderId);
        Assert.Equal("S1", Assert.Single((await node.Registry.ListStationsAsync(new ListStationsRequest { RegionPrefix = "3201" })).Stations).StationId);
        var history = await node.Registry.GetHistoryAsync(new GetHistoryRequest { CylinderId = cylinder.CylinderId });
        Assert.Equal(
            [Event.BodyOneofCase.CylinderRegistered, Event.BodyOneofCase.PermitIssued, Event.BodyOneofCase.FillCompleted],
            history.Entries.Select(entry => entry.Event.BodyCase));
    }

    [Fact]
    public async Task What_was_registered_wrongly_is_set_right_over_the_wire_shown_and_listed_so()
    {
        var cylinder = await node.RegisterAsync();
        var right = new CorrectCylinderRequest
        {
            RequestId = NewId(), ActorId = "A1", CylinderId = cylinder.CylinderId, Reason = "read from the shoulder", Facts = new CylinderFacts { Model = "YSP35.5/14.9", TareG = 16_900 },
            UpdateMask = new FieldMask { Paths = { "model", "tare_g" } },
        };
        var position = (await node.Registry.CorrectCylinderAsync(right)).Position;
        Assert.Equal(position, (await node.Registry.CorrectCylinderAsync(right)).Position);
        await node.ProjectedAsync();
        Assert.Equal(16_900, (await node.Registry.GetCylinderAsync(new GetCylinderRequest { Scanned = cylinder.Code })).Cylinder.TareG);
        Assert.Equal(cylinder.CylinderId, Assert.Single((await node.Registry.ListCylindersAsync(new ListCylindersRequest { Model = "YSP35.5/14.9" })).Cylinders).CylinderId);
        var told = (await node.Supervision.GetEntryAsync(new GetEntryRequest { Position = position })).Entry.Event.CylinderCorrected;
        Assert.Equal(("YSP35.5/14.9", 16_900, "read from the shoulder"), (told.After.Model, told.After.TareG, told.Reason));
        Assert.NotEqual(told.Before, told.After);

        (right.RequestId, right.UpdateMask) = (NewId(), new FieldMask { Paths = { "maker" } });
        var failure = await FailureOf(() => node.Registry.CorrectCylinderAsync(right).ResponseAsync);
        Assert.Equal((StatusCode.InvalidArgument, "update_mask"), (failure.Code, Assert.Single(failure.Bad!.FieldViolations).Field));
    }

    [Fact]
    public async Task Pages_go_on_from_a_key_and_cover_everything_once()
    {
        var ids = (await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => node.RegisterAsync()))).Select(cylinder => cylinder.CylinderId).ToHashSet();
        await node.ProjectedAsync();
        List<string> seen = [];
        var token = string.Empty;
        do
        {
            var page = await node.Registry.ListCylindersAsync(new ListCylindersRequest { PageSize = 10, PageToken = token });
            seen.AddRange(page.Cylinders.Select(cylinder => cylinder.CylinderId));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Assert.Equal(25, seen.Count);
        Assert.True(ids.SetEquals(seen));
    }

    [Theory]
    [InlineData("terminal")]
    [InlineData("operator")]
    [InlineData("gas_batch")]
    [InlineData("custody")]
    public async Task What_names_an_unknown_station_is_not_found(string what)
    {
        var failure = await FailureOf(() => what switch
        {
            "terminal" => node.Registry.PutTerminalAsync(new PutTerminalRequest { RequestId = NewId(), ActorId = "A1", Terminal = new V1.Terminal { TerminalId = "T9", StationId = "S9", Gas = "LPG" } }).ResponseAsync,
            "operator" => node.Registry.PutOperatorAsync(new PutOperatorRequest { RequestId = NewId(), ActorId = "A1", Operator = new Operator { OperatorId = "P9", StationIds = { "S9" } } }).ResponseAsync,
            "gas_batch" => node.Registry.PutGasBatchAsync(new PutGasBatchRequest
            {
                RequestId = NewId(), ActorId = "A1", GasBatch = new GasBatch { GasBatchId = "B9", StationId = "S9", Gas = "LPG", Status = GasBatchStatus.OnHold },
            }).ResponseAsync,
            _ => (Task)node.Registry.PutCustodyAsync(new PutCustodyRequest { RequestId = NewId(), ActorId = "A1", Custody = new Custody { UnitId = "U2", StationId = "S9" } }).ResponseAsync,
        });
        Assert.Equal(StatusCode.NotFound, failure.Code);
    }

    [Theory]
    [InlineData("suspend", "status", "STATION_STATUS_ACTIVE", "must be one of STATION_STATUS_SUSPENDED, STATION_STATUS_REVOKED")]
    [InlineData("hold", "kind", "HOLD_KIND_BLACKLISTED", "must be one of HOLD_KIND_CLONE_SUSPECT, HOLD_KIND_SEIZED, HOLD_KIND_OUT_OF_USE")]
    [InlineData("release", "kind", "HOLD_KIND_BLACKLISTED", "is lifted by Delist")]
    [InlineData("release nothing", "kind", "HOLD_KIND_UNSPECIFIED", "must be one of HOLD_KIND_CLONE_SUSPECT, ")]
    [InlineData("bind a code", "alias.kind", "ALIAS_KIND_CODE", "must be another: ")]
    public async Task A_value_that_is_not_allowed_is_named_as_the_contract_does(string what, string field, string value, string rule)
    {
        var failure = await FailureOf(() => what switch
        {
            "suspend" => node.Registry.SuspendStationAsync(new SuspendStationRequest { RequestId = NewId(), ActorId = "A1", StationId = "S1", Status = StationStatus.Active, Reason = "test" }).ResponseAsync,
            "hold" => node.Registry.HoldCylinderAsync(new HoldCylinderRequest { RequestId = NewId(), ActorId = "A1", CylinderId = "C1", Kind = HoldKind.Blacklisted, Reason = "test" }).ResponseAsync,
            "bind a code" => node.Registry.BindAliasAsync(new BindAliasRequest { RequestId = NewId(), ActorId = "A1", CylinderId = "C1", Alias = new Alias { Kind = AliasKind.Code, Value = "X1" } }).ResponseAsync,
            _ => (Task)node.Registry.ReleaseCylinderAsync(new ReleaseCylinderRequest
            {
                RequestId = NewId(), ActorId = "A1", CylinderId = "C1", Kind = what == "release" ? HoldKind.Blacklisted : HoldKind.Unspecified, Reason = "test",
            }).ResponseAsync,
        });
        var violation = failure.Bad!.FieldViolations[0];
        Assert.Equal((StatusCode.InvalidArgument, field), (failure.Code, violation.Field));
        Assert.Contains(value, violation.Description, StringComparison.Ordinal);
        Assert.Contains(rule, violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_limit_is_refused_and_a_known_one_is_listed_with_its_source()
    {
        var limit = new Limit { Name = "warp_factor", Value = 9, Source = "test", ValidFrom = Day(2020, 1, 1) };
        Assert.Equal("limit.name", Assert.Single((await FailureOf(() => node.Registry.PutLimitAsync(new PutLimitRequest { RequestId = NewId(), ActorId = "A1", Limit = limit }).ResponseAsync)).Bad!.FieldViolations).Field);
        limit.Name = "permit_lifetime_s";
        await node.Registry.PutLimitAsync(new PutLimitRequest { RequestId = NewId(), ActorId = "A1", Limit = limit });
        var listed = (await node.Registry.ListLimitsAsync(new ListLimitsRequest())).Limits.Where(known => known.Name == limit.Name);
        Assert.Equal([600L, 9], listed.Select(known => known.Value));
    }

    public static TheoryData<string> ChangingMethods =>
        [.. RegistryService.Descriptor.Methods.Concat(FillingService.Descriptor.Methods).Where(Changes).Select(method => method.FullName)];

    [Theory]
    [MemberData(nameof(ChangingMethods))]
    public async Task Every_method_that_changes_something_wants_a_request_id(string fullName)
    {
        var method = RegistryService.Descriptor.Methods.Concat(FillingService.Descriptor.Methods).Single(candidate => candidate.FullName == fullName);
        var marshaller = Marshallers.Create(bytes => bytes, bytes => bytes);
        var call = new Method<byte[], byte[]>(MethodType.Unary, method.Service.FullName, method.Name, marshaller, marshaller);
        var failure = await FailureOf(() => node.Channel.CreateCallInvoker().AsyncUnaryCall(call, null, new CallOptions(), []).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, failure.Code);
        Assert.Equal("request_id", failure.Bad!.FieldViolations[0].Field);
    }

    private static bool Changes(MethodDescriptor method) => !method.IsClientStreaming && method.InputType.FindFieldByName("request_id") is not null;

    private async Task<List<ImportResult>> ImportAsync(ImportCylindersRequest request)
    {
        using var call = node.Registry.ImportCylinders();
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        List<ImportResult> results = [];
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            results.AddRange(response.Results);
        }

        return results;
    }
}
