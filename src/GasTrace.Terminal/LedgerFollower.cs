using GasTrace.V1;
using Grpc.Core;

namespace GasTrace.Terminal;

/// <summary>
/// Follows a ledger for as long as it is wanted: silence for two heartbeats means a dead connection, every end but a final one
/// leads to another try from the position reached, with a growing and jittered pause.
/// </summary>
/// <param name="client">The service.</param>
/// <param name="first">Where to start and what to filter.</param>
/// <param name="time">The clock.</param>
public sealed class LedgerFollower(SupervisionService.SupervisionServiceClient client, SubscribeRequest first, TimeProvider time)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(15);
    private TimeSpan silenceMax = TimeSpan.FromSeconds(15);
    private string ledgerId = first.LedgerId;
    private long? next;

    /// <summary>Where the jitter of pauses comes from: values from 0 to below 1.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>Told why, whenever a connection was lost.</summary>
    public Action<string> Lost { get; init; } = _ => { };

    /// <summary>Hands over every message, until cancelled or until the handler answers false.</summary>
    /// <exception cref="RpcException">An end that trying again does not mend.</exception>
    public async Task RunAsync(Func<SubscribeResponse, ValueTask<bool>> handle, CancellationToken cancellationToken)
    {
        var pause = PauseMin;
        while (true)
        {
            try
            {
                if (!await FollowAsync(handle, () => pause = PauseMin, cancellationToken))
                {
                    return;
                }

                Lost("the server ended the stream");
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Internal or StatusCode.Cancelled
                && !cancellationToken.IsCancellationRequested)
            {
                Lost(error.Status.Detail);
            }
            catch (TimeoutException)
            {
                Lost($"nothing was heard for {silenceMax.TotalSeconds:F0} s");
            }

            await Task.Delay(pause * (0.5 + Jitter()), time, cancellationToken);
            pause = pause * 2 > PauseMax ? PauseMax : pause * 2;
        }
    }

    private async Task<bool> FollowAsync(Func<SubscribeResponse, ValueTask<bool>> handle, Action heard, CancellationToken cancellationToken)
    {
        using var call = client.Subscribe(Request(), cancellationToken: cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken).WaitAsync(silenceMax, time, cancellationToken))
        {
            var response = call.ResponseStream.Current;
            heard();
            if (response.Started is { } started)
            {
                ledgerId = started.LedgerId;
                silenceMax = started.Heartbeat.ToTimeSpan() * 2.5;
            }

            if (!await handle(response))
            {
                return false;
            }

            next = response.ContentCase switch
            {
                SubscribeResponse.ContentOneofCase.Started => response.Started.NextPosition,
                SubscribeResponse.ContentOneofCase.Batch => response.Batch.NextPosition,
                SubscribeResponse.ContentOneofCase.Progress => response.Progress.NextPosition,
                _ => next,
            };
        }

        return true;
    }

    private SubscribeRequest Request()
    {
        var request = first.Clone();
        if (next is { } position && first.StartCase != SubscribeRequest.StartOneofCase.Cursor)
        {
            request.NextPosition = position;
            request.LedgerId = ledgerId;
        }

        return request;
    }
}
