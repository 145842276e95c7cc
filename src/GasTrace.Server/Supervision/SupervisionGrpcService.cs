using System.Globalization;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Server.Errors;
using GasTrace.Server.Hosting;
using GasTrace.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace GasTrace.Server.Supervision;

/// <summary>The face of supervision.</summary>
public sealed class SupervisionGrpcService(
    ILedgerStore store, LedgerReader reader, CursorDesk cursors, CatchUpGate gate, RecordQueries queries, GasTraceOptions options)
    : SupervisionBinding.Base
{
    /// <inheritdoc />
    public override async Task Subscribe(SubscribeRequest request, IServerStreamWriter<SubscribeFrame> responseStream, ServerCallContext context)
    {
        RejectedException.ThrowIf(SubscriptionTerms.Validate(request));

        if (request.LedgerId.Length > 0 && request.LedgerId != store.LedgerId)
        {
            throw new RejectedException(Rejection.Forbidden("ledger_id", request.LedgerId, new($"本账本为 {store.LedgerId}", $"this ledger is {store.LedgerId}"), "LEDGER_MISMATCH"));
        }

        if (!gate.TryEnter())
        {
            throw RpcErrors.Retry(StatusCode.ResourceExhausted, new("订阅过多，请稍后重试。", "Too many subscriptions are open."), "TOO_MANY_SUBSCRIPTIONS").ToRpcException();
        }

        try
        {
            await RunAsync(request, responseStream, context);
        }
        finally
        {
            gate.Leave();
        }
    }

    /// <inheritdoc />
    public override async Task<AcknowledgeResponse> Acknowledge(AcknowledgeRequest request, ServerCallContext context)
    {
        RejectedException.ThrowIf(Must.All(SubscriptionTerms.BeCursor("cursor", request.Cursor), Must.BeWithin("next_position", request.NextPosition, 0, long.MaxValue)));

        var result = await cursors.AcknowledgeAsync(request.Cursor, request.NextPosition, context.CancellationToken);
        RejectedException.ThrowIf(result.Rejection);
        return new AcknowledgeResponse { NextPosition = result.Reply };
    }

    /// <inheritdoc />
    public override Task<GetEntryResponse> GetEntry(GetEntryRequest request, ServerCallContext context) => queries.GetEntryAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) => queries.SearchAsync(request, context.CancellationToken);

    /// <inheritdoc />
    public override Task<StatisticsResponse> Statistics(StatisticsRequest request, ServerCallContext context) =>
        queries.StatisticsAsync(request, context.CancellationToken);

    private async Task RunAsync(SubscribeRequest request, IServerStreamWriter<SubscribeFrame> responseStream, ServerCallContext context)
    {
        if (request.StartCase != SubscribeRequest.StartOneofCase.Cursor)
        {
            await RunAsync(request, null, responseStream, context);
            return;
        }

        var cursor = await cursors.OpenAsync(request.Cursor, context.CancellationToken);
        try
        {
            await RunAsync(request, cursor, responseStream, context);
        }
        finally
        {
            cursors.Close(request.Cursor, cursor);
        }
    }

    private async Task RunAsync(SubscribeRequest request, CursorReading? cursor, IServerStreamWriter<SubscribeFrame> responseStream, ServerCallContext context)
    {
        var start = cursor?.Confirmed ?? await StartAsync(request, context.CancellationToken);
        if (await reader.HeadForAsync(start, context.CancellationToken) is var head && start > head)
        {
            throw BeyondHead(start, head);
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, cursor?.Taken ?? CancellationToken.None);
        var subscription = new Subscription(
            reader, gate, new EntryMatcher(request.Filter), SubscriptionTerms.Of(request), options.Time,
            frame => WriteAsync(responseStream, frame, context),
            next =>
            {
                if (cursor is not null)
                {
                    cursor.Given = Math.Max(cursor.Given, next);
                }
            },
            cancelled => cursor is null ? Task.CompletedTask : cursors.CheckAsync(request.Cursor, cursor, cancelled));
        try
        {
            await subscription.RunAsync(store.LedgerId, start, ended.Token);
        }
        catch (OperationCanceledException) when (cursor?.Taken.IsCancellationRequested == true)
        {
            throw RpcErrors.NewStatus(StatusCode.Aborted, new("该游标已由更新的订阅读取。", "The cursor is read by a newer subscription."), "CURSOR_TAKEN", ("cursor", request.Cursor)).ToRpcException();
        }
    }

    /// <summary>The status for a position that is not there yet.</summary>
    internal static RpcException BeyondHead(long position, long head) => RpcErrors.NewStatus(
        StatusCode.OutOfRange,
        new($"位置 {position} 超出账本末端 {head}。", $"Position {position} is beyond the head {head}."),
        "BEYOND_HEAD",
        ("head", head.ToString(CultureInfo.InvariantCulture))).ToRpcException();

    private async Task<long> StartAsync(SubscribeRequest request, CancellationToken cancellationToken) => request.StartCase switch
    {
        SubscribeRequest.StartOneofCase.NextPosition => request.NextPosition,
        SubscribeRequest.StartOneofCase.RecordedSince => await reader.FindAsync(request.RecordedSince.ToDateTimeOffset(), cancellationToken),
        SubscribeRequest.StartOneofCase.Edge when request.Edge == Edge.Head => reader.Head,
        _ => 0,
    };

    // A client whose window is shut cannot be told by a status: trailers queue behind unsent data. Its call is cut, and it
    // takes missed heartbeats for the end.
    private async Task WriteAsync(IServerStreamWriter<SubscribeFrame> stream, SubscribeFrame frame, ServerCallContext context)
    {
        try
        {
            await stream.WriteAsync(frame).WaitAsync(options.WriteDeadline, options.Time, context.CancellationToken);
        }
        catch (TimeoutException)
        {
            context.GetHttpContext().Abort();
            throw new OperationCanceledException("The subscriber accepted nothing for the write deadline.");
        }
    }
}
