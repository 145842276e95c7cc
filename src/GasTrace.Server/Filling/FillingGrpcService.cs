using GasTrace.Ledger.Deciding;
using GasTrace.Server.Errors;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Server.Filling;

/// <summary>The face of filling.</summary>
public sealed class FillingGrpcService(FillingDesk desk, CylinderVerification verification, NoticeBoard board, CardCache cards)
    : FillingService.FillingServiceBase
{
    private readonly DecisionTurns turns = new();

    /// <inheritdoc />
    public override Task<ScanResponse> Scan(ScanRequest request, ServerCallContext context) =>
        DecideAsync(static (desk, request, cancellation) => desk.ScanAsync(request, cancellation), request, context);

    /// <inheritdoc />
    public override Task<BeginFillResponse> BeginFill(BeginFillRequest request, ServerCallContext context) =>
        DecideAsync(static (desk, request, cancellation) => desk.BeginAsync(request, cancellation), request, context);

    /// <inheritdoc />
    public override Task<CompleteFillResponse> CompleteFill(CompleteFillRequest request, ServerCallContext context) =>
        DecideAsync(static (desk, request, cancellation) => desk.CompleteAsync(request, cancellation), request, context);

    /// <inheritdoc />
    public override Task<AbortFillResponse> AbortFill(AbortFillRequest request, ServerCallContext context) =>
        DecideAsync(static (desk, request, cancellation) => desk.AbortAsync(request, cancellation), request, context);

    /// <inheritdoc />
    public override Task<VoidFillResponse> VoidFill(VoidFillRequest request, ServerCallContext context) =>
        DecideAsync(static (desk, request, cancellation) => desk.VoidAsync(request, cancellation), request, context);

    /// <inheritdoc />
    public override async Task<VerifyResponse> Verify(VerifyRequest request, ServerCallContext context) =>
        await verification.VerifyAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override async Task Station(
        IAsyncStreamReader<StationRequest> requestStream, IServerStreamWriter<StationResponse> responseStream, ServerCallContext context)
    {
        var stream = new StationStream(desk, board, cards, responseStream);
        await stream.RunAsync(requestStream, context.CancellationToken);
    }

    private async Task<TReply> DecideAsync<TRequest, TReply>(
        Func<FillingDesk, TRequest, CancellationToken, ValueTask<CommandResult<TReply>>> decide, TRequest request, ServerCallContext context)
    {
        await turns.Next();
        var result = await decide(desk, request, context.CancellationToken);
        RejectedException.ThrowIf(result.Rejection);
        return result.Reply!;
    }
}
