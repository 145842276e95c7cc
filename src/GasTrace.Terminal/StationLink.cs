using System.Collections.Concurrent;
using System.Threading.Channels;
using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Terminal;

/// <summary>
/// All guns of a station on one stream: commands that are ready at the same time share a message, answers find their command
/// by its correlation id. Safe to use from many guns at once.
/// </summary>
public sealed class StationLink : IAsyncDisposable
{
    private const int CommandsPerMessageMax = 256;
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);
    private readonly TimeProvider time;
    private readonly AsyncDuplexStreamingCall<StationRequest, StationResponse> call;
    private readonly Channel<StationCommand> outgoing = Channel.CreateBounded<StationCommand>(new BoundedChannelOptions(4_096) { SingleReader = true });
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<StationAnswer>> waiting = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Task sending;
    private readonly Task receiving;
    private ulong lastCorrelationId;

    /// <summary>Opens a station's stream.</summary>
    /// <param name="client">The service.</param>
    /// <param name="noticed">Told what the server has to tell.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    public StationLink(FillingService.FillingServiceClient client, Action<StationNotice> noticed, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        call = client.Station(cancellationToken: ended.Token);
        sending = SendAsync();
        receiving = ReceiveAsync(noticed);
    }

    /// <summary>Completes when the stream has ended, for whatever reason: what is asked then fails at once. Open another.</summary>
    public Task Ended => receiving;

    /// <summary>Asks whether a cylinder may be filled.</summary>
    /// <exception cref="RpcException">What the unary call would have ended with, or the stream broke.</exception>
    public async Task<ScanResponse> ScanAsync(ScanRequest request, CancellationToken cancellationToken) =>
        (await AskAsync(new StationCommand { Scan = request }, cancellationToken)).Scan;

    /// <summary>Gas begins to flow.</summary>
    /// <exception cref="RpcException">What the unary call would have ended with, or the stream broke.</exception>
    public async Task<BeginFillResponse> BeginAsync(BeginFillRequest request, CancellationToken cancellationToken) =>
        (await AskAsync(new StationCommand { Begin = request }, cancellationToken)).Begin;

    /// <summary>Reports a fill.</summary>
    /// <exception cref="RpcException">What the unary call would have ended with, or the stream broke.</exception>
    public async Task<CompleteFillResponse> CompleteAsync(CompleteFillRequest request, CancellationToken cancellationToken) =>
        (await AskAsync(new StationCommand { Complete = request }, cancellationToken)).Complete;

    /// <summary>Gives a permit up.</summary>
    /// <exception cref="RpcException">What the unary call would have ended with, or the stream broke.</exception>
    public async Task<AbortFillResponse> AbortAsync(AbortFillRequest request, CancellationToken cancellationToken) =>
        (await AskAsync(new StationCommand { Abort = request }, cancellationToken)).Abort;

    /// <summary>Sends what waits, hears the answers, and ends; after ten seconds also without them, as when the stream breaks.</summary>
    public async ValueTask DisposeAsync()
    {
        outgoing.Writer.TryComplete();
        try
        {
            await DrainedAsync().WaitAsync(AnswersWithin, time);
        }
        catch (TimeoutException)
        {
            // The server says nothing: whoever still waits for an answer is told that none came.
        }

        ended.Cancel();
        await DrainedAsync();
        call.Dispose();
        ended.Dispose();
    }

    private async Task DrainedAsync()
    {
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task<StationAnswer> AskAsync(StationCommand command, CancellationToken cancellationToken)
    {
        command.CorrelationId = Interlocked.Increment(ref lastCorrelationId);
        var answer = new TaskCompletionSource<StationAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[command.CorrelationId] = answer;
        try
        {
            await outgoing.Writer.WriteAsync(command, cancellationToken);
            using var givingUp = cancellationToken.UnsafeRegister(static (asked, given) => ((TaskCompletionSource<StationAnswer>)asked!).TrySetCanceled(given), answer);
            var answered = await answer.Task;
            return answered.AnswerCase == StationAnswer.AnswerOneofCase.Error ? throw answered.Error.ToRpcException() : answered;
        }
        catch (ChannelClosedException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The station's stream has ended."));
        }
        finally
        {
            waiting.TryRemove(command.CorrelationId, out _);
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (await outgoing.Reader.WaitToReadAsync(ended.Token))
            {
                var request = new StationRequest();
                while (request.Commands.Count < CommandsPerMessageMax && outgoing.Reader.TryRead(out var command))
                {
                    request.Commands.Add(command);
                }

                await call.RequestStream.WriteAsync(request, ended.Token);
            }

            await call.RequestStream.CompleteAsync();
        }
#pragma warning disable CA1031 // Whatever it is, who waits for an answer must hear of it: nobody else watches this loop.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(error);
        }
    }

    private async Task ReceiveAsync(Action<StationNotice> noticed)
    {
        try
        {
            while (await call.ResponseStream.MoveNext(ended.Token))
            {
                foreach (var answer in call.ResponseStream.Current.Answers)
                {
                    if (waiting.TryGetValue(answer.CorrelationId, out var asked))
                    {
                        asked.TrySetResult(answer);
                    }
                }

                foreach (var notice in call.ResponseStream.Current.Notices)
                {
                    noticed(notice);
                }
            }

            Fail(null);
        }
#pragma warning disable CA1031 // Likewise; a listener that throws ends its own link.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(error);
        }
    }

    // Whoever waits is told: what became of the command is not known, and the same request id finds out.
    private void Fail(Exception? cause)
    {
        outgoing.Writer.TryComplete();
        var status = (cause as RpcException)?.Status ?? new Status(StatusCode.Unavailable, "The station's stream has ended.", cause);
        foreach (var asked in waiting.Values)
        {
            asked.TrySetException(new RpcException(status));
        }
    }
}
