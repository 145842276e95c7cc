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
    public override async Task<ScanResponse> Scan(ScanRequest request, ServerCallContext context)
    {
        await turns.Next();
        return Answer(await desk.ScanAsync(request, context.CancellationToken));
    }

    /// <inheritdoc />
    public override async Task<BeginFillResponse> BeginFill(BeginFillRequest request, ServerCallContext context)
    {
        await turns.Next();
        return Answer(await desk.BeginAsync(request, context.CancellationToken));
    }

    /// <inheritdoc />
    public override async Task<CompleteFillResponse> CompleteFill(CompleteFillRequest request, ServerCallContext context)
    {
        await turns.Next();
        return Answer(await desk.CompleteAsync(request, context.CancellationToken));
    }

    /// <inheritdoc />
    public override async Task<AbortFillResponse> AbortFill(AbortFillRequest request, ServerCallContext context)
    {
        await turns.Next();
        return Answer(await desk.AbortAsync(request, context.CancellationToken));
    }

    /// <inheritdoc />
    public override async Task<VoidFillResponse> VoidFill(VoidFillRequest request, ServerCallContext context)
    {
        await turns.Next();
        return Answer(await desk.VoidAsync(request, context.CancellationToken));
    }

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

    private static TReply Answer<TReply>(CommandResult<TReply> result) =>
        result.Rejection is { } rejection ? throw new RejectedException(rejection) : result.Reply!;
}
