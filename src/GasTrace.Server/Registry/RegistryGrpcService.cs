using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Domain.Registry.Cylinders;
using GasTrace.Domain.Registry.Sites;
using GasTrace.Ledger.Deciding;
using GasTrace.Server.Errors;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Server.Registry;

/// <summary>The face of the register: every change is one command of the domain.</summary>
public sealed class RegistryGrpcService(CommandRunner runner, CylinderImport import, RegisterQueries queries, IReadOnlyList<CodeFormat> formats)
    : RegistryService.RegistryServiceBase
{
    /// <inheritdoc />
    public override Task ImportCylinders(
        IAsyncStreamReader<ImportCylindersRequest> requestStream, IServerStreamWriter<ImportCylindersResponse> responseStream, ServerCallContext context) =>
        import.RunAsync(requestStream, responseStream, context.CancellationToken);

    /// <inheritdoc />
    public override Task<BlacklistResponse> Blacklist(BlacklistRequest request, ServerCallContext context) =>
        Run<BlacklistResponse>(request.CylinderId.Length > 0 ? new BlacklistCylinderCommand(request) : new RecallCommand(request), context);

    /// <inheritdoc />
    public override Task<DelistResponse> Delist(DelistRequest request, ServerCallContext context) =>
        Run<DelistResponse>(request.CylinderId.Length > 0 ? new DelistCylinderCommand(request) : new LiftRecallCommand(request), context);

    /// <inheritdoc />
    public override Task<ReplaceCodeResponse> ReplaceCode(ReplaceCodeRequest request, ServerCallContext context) => Run(new ReplaceCodeCommand(request, formats), context);

    /// <inheritdoc />
    public override Task<BindAliasResponse> BindAlias(BindAliasRequest request, ServerCallContext context) => Run(new BindAliasCommand(request), context);

    /// <inheritdoc />
    public override Task<VoidAliasResponse> VoidAlias(VoidAliasRequest request, ServerCallContext context) => Run(new VoidAliasCommand(request), context);

    /// <inheritdoc />
    public override Task<CorrectCylinderResponse> CorrectCylinder(CorrectCylinderRequest request, ServerCallContext context) => Run(new CorrectCylinderCommand(request), context);

    /// <inheritdoc />
    public override Task<RecordInspectionResponse> RecordInspection(RecordInspectionRequest request, ServerCallContext context) => Run(new RecordInspectionCommand(request), context);

    /// <inheritdoc />
    public override Task<RecordPurgeResponse> RecordPurge(RecordPurgeRequest request, ServerCallContext context) => Run(new RecordPurgeCommand(request), context);

    /// <inheritdoc />
    public override Task<TransferUseRegistrationResponse> TransferUseRegistration(TransferUseRegistrationRequest request, ServerCallContext context) => Run(new TransferUseRegistrationCommand(request), context);

    /// <inheritdoc />
    public override Task<CancelUseRegistrationResponse> CancelUseRegistration(CancelUseRegistrationRequest request, ServerCallContext context) => Run(new CancelUseRegistrationCommand(request), context);

    /// <inheritdoc />
    public override Task<HoldCylinderResponse> HoldCylinder(HoldCylinderRequest request, ServerCallContext context) => Run(new HoldCylinderCommand(request), context);

    /// <inheritdoc />
    public override Task<ReleaseCylinderResponse> ReleaseCylinder(ReleaseCylinderRequest request, ServerCallContext context) => Run(new ReleaseCylinderCommand(request), context);

    /// <inheritdoc />
    public override Task<ScrapCylinderResponse> ScrapCylinder(ScrapCylinderRequest request, ServerCallContext context) => Run(new ScrapCylinderCommand(request), context);

    /// <inheritdoc />
    public override Task<RecordWhereaboutsResponse> RecordWhereabouts(RecordWhereaboutsRequest request, ServerCallContext context) => Run(new RecordWhereaboutsCommand(request), context);

    /// <inheritdoc />
    public override Task<RegisterCylinderResponse> RegisterCylinder(RegisterCylinderRequest request, ServerCallContext context) => Run(new RegisterCylinderCommand(request, formats), context);

    /// <inheritdoc />
    public override Task<PutStationResponse> PutStation(PutStationRequest request, ServerCallContext context) => Run(new PutStationCommand(request), context);

    /// <inheritdoc />
    public override Task<SuspendStationResponse> SuspendStation(SuspendStationRequest request, ServerCallContext context) => Run(new SuspendStationCommand(request), context);

    /// <inheritdoc />
    public override Task<ResumeStationResponse> ResumeStation(ResumeStationRequest request, ServerCallContext context) => Run(new ResumeStationCommand(request), context);

    /// <inheritdoc />
    public override Task<PutTerminalResponse> PutTerminal(PutTerminalRequest request, ServerCallContext context) => Run(new PutTerminalCommand(request), context);

    /// <inheritdoc />
    public override Task<LockScaleResponse> LockScale(LockScaleRequest request, ServerCallContext context) => Run(new LockScaleCommand(request), context);

    /// <inheritdoc />
    public override Task<UnlockScaleResponse> UnlockScale(UnlockScaleRequest request, ServerCallContext context) => Run(new UnlockScaleCommand(request), context);

    /// <inheritdoc />
    public override Task<PutOperatorResponse> PutOperator(PutOperatorRequest request, ServerCallContext context) => Run(new PutOperatorCommand(request), context);

    /// <inheritdoc />
    public override Task<PutGasBatchResponse> PutGasBatch(PutGasBatchRequest request, ServerCallContext context) => Run(new PutGasBatchCommand(request), context);

    /// <inheritdoc />
    public override Task<PutCustodyResponse> PutCustody(PutCustodyRequest request, ServerCallContext context) => Run(new PutCustodyCommand(request), context);

    /// <inheritdoc />
    public override Task<PutInspectionBodyResponse> PutInspectionBody(PutInspectionBodyRequest request, ServerCallContext context) => Run(new PutInspectionBodyCommand(request), context);

    /// <inheritdoc />
    public override Task<PutLimitResponse> PutLimit(PutLimitRequest request, ServerCallContext context) => Run(new PutLimitCommand(request), context);

    /// <inheritdoc />
    public override Task<EnrolTerminalResponse> EnrolTerminal(EnrolTerminalRequest request, ServerCallContext context) => queries.EnrolTerminalAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<ListLimitsResponse> ListLimits(ListLimitsRequest request, ServerCallContext context) => queries.ListLimitsAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<GetCylinderResponse> GetCylinder(GetCylinderRequest request, ServerCallContext context) => queries.GetCylinderAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<GetStationResponse> GetStation(GetStationRequest request, ServerCallContext context) => queries.GetStationAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<GetTerminalResponse> GetTerminal(GetTerminalRequest request, ServerCallContext context) => queries.GetTerminalAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<GetOperatorResponse> GetOperator(GetOperatorRequest request, ServerCallContext context) => queries.GetOperatorAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<GetGasBatchResponse> GetGasBatch(GetGasBatchRequest request, ServerCallContext context) => queries.GetGasBatchAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<ListCylindersResponse> ListCylinders(ListCylindersRequest request, ServerCallContext context) => queries.ListCylindersAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<ListStationsResponse> ListStations(ListStationsRequest request, ServerCallContext context) => queries.ListStationsAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<GetHistoryResponse> GetHistory(GetHistoryRequest request, ServerCallContext context) => queries.GetHistoryAsync(request, context.CancellationToken);

    private async Task<TReply> Run<TReply>(ICommand<TReply> command, ServerCallContext context)
    {
        var result = await runner.RunAsync(command, context.CancellationToken);
        RejectedException.ThrowIf(result.Rejection);
        return result.Reply!;
    }
}
