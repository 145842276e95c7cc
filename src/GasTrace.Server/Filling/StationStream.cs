using System.Threading.Channels;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Deciding;
using GasTrace.Server.Errors;
using GasTrace.Server.Hosting;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Server.Filling;

/// <summary>
/// A station's stream: commands of many guns go through the house side by side, and answers are written by one loop, as many
/// to a message as are ready. A terminal that does not read its answers is not read from either.
/// </summary>
internal sealed class StationStream(FillingDesk desk, NoticeBoard board, CardCache cards, IServerStreamWriter<StationResponse> responses)
{
    private readonly Places inFlight = new(ServerLimits.StationInFlightMax);
    private readonly Channel<StationAnswer> answers = Channel.CreateUnbounded<StationAnswer>(new UnboundedChannelOptions { SingleReader = true });
    private readonly StationNotices notices = new(board, cards);

    public async Task RunAsync(IAsyncStreamReader<StationRequest> requests, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(ended.Token);
        var watching = notices.WatchAsync(ended.Token);
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                await TakeAsync(requests.Current, cancellationToken);
            }

            // Whatever was taken in is answered before the stream ends.
            for (var i = 0; i < ServerLimits.StationInFlightMax; i++)
            {
                await inFlight.TakeAsync(cancellationToken);
            }

            answers.Writer.TryComplete();
            await writing;
        }
        finally
        {
            ended.Cancel();
            await Task.WhenAll(writing, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task TakeAsync(StationRequest request, CancellationToken cancellationToken)
    {
        RejectedException.ThrowIf(Must.BeFew("commands", request.Commands.Count, ServerLimits.StationCommandsMax));

        foreach (var command in request.Commands)
        {
            await inFlight.TakeAsync(cancellationToken);
            _ = AnswerAsync(command, cancellationToken);
        }
    }

    private async Task AnswerAsync(StationCommand command, CancellationToken cancellationToken)
    {
        var answer = new StationAnswer { CorrelationId = command.CorrelationId };
        try
        {
            await PerformAsync(command, answer, cancellationToken);
        }
#pragma warning disable CA1031 // One command's fault is that command's answer; the other guns go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            answer.Error = RpcErrors.ToStatus(error) ?? RpcErrors.NewStatus(StatusCode.Internal, new("服务内部执行该命令时出错。", "The command failed inside the service."), "INTERNAL");
        }

        answers.Writer.TryWrite(answer);
    }

    private async ValueTask PerformAsync(StationCommand command, StationAnswer answer, CancellationToken cancellationToken)
    {
        switch (command.CommandCase)
        {
            case StationCommand.CommandOneofCase.Scan:
                notices.Follow(command.Scan.TerminalId);
                var scanned = await desk.ScanAsync(command.Scan, cancellationToken);
                answer.Scan = scanned.Reply;
                Reject(answer, scanned.Rejection);
                break;
            case StationCommand.CommandOneofCase.Begin:
                var begun = await desk.BeginAsync(command.Begin, cancellationToken);
                answer.Begin = begun.Reply;
                Reject(answer, begun.Rejection);
                break;
            case StationCommand.CommandOneofCase.Complete:
                var completed = await desk.CompleteAsync(command.Complete, cancellationToken);
                answer.Complete = completed.Reply;
                Reject(answer, completed.Rejection);
                break;
            case StationCommand.CommandOneofCase.Abort:
                var aborted = await desk.AbortAsync(command.Abort, cancellationToken);
                answer.Abort = aborted.Reply;
                Reject(answer, aborted.Rejection);
                break;
            default:
                Reject(answer, Rejection.Invalid("command", string.Empty, new("必填", "must be given")));
                break;
        }
    }

    private static void Reject(StationAnswer answer, Rejection? rejection)
    {
        if (rejection is not null)
        {
            answer.Error = RpcErrors.ToStatus(rejection);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        // Terminals learn at once that the stream stands, and the server of a silent one keeps telling it notices.
        var answered = ReadyAsync(answers.Reader, cancellationToken);
        var noticed = ReadyAsync(notices.Reader, cancellationToken);
        while (true)
        {
            await Task.WhenAny(answered, noticed);
            cancellationToken.ThrowIfCancellationRequested();
            if (answered.IsCompleted && !await answered)
            {
                return;
            }

            var response = new StationResponse();
            while (response.Answers.Count < ServerLimits.StationCommandsMax && answers.Reader.TryRead(out var answer))
            {
                response.Answers.Add(answer);
            }

            while (response.Notices.Count < ServerLimits.StationCommandsMax && notices.Reader.TryRead(out var notice))
            {
                response.Notices.Add(notice);
            }

            if (response.Answers.Count + response.Notices.Count > 0)
            {
                await responses.WriteAsync(response, cancellationToken);
                if (response.Answers.Count > 0)
                {
                    inFlight.Leave(response.Answers.Count);
                }
            }

            answered = answered.IsCompleted ? ReadyAsync(answers.Reader, cancellationToken) : answered;
            noticed = noticed.IsCompleted ? ReadyAsync(notices.Reader, cancellationToken) : noticed;
        }
    }

    // A task of its own: a channel's, made one by AsTask, goes on in the thread pool.
    private static async Task<bool> ReadyAsync<TItem>(ChannelReader<TItem> reader, CancellationToken cancellationToken) => await reader.WaitToReadAsync(cancellationToken);
}
