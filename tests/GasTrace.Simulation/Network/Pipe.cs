using GasTrace.Simulation.Clockwork;
using Grpc.Core;

namespace GasTrace.Simulation.Network;

/// <summary>
/// One direction of a stream: messages arrive in order, after a delay, and only so many wait unread, so that a slow reader holds
/// up the writer. A cut tells each side at a time of its own, as networks do.
/// </summary>
internal sealed class Pipe(Process wire, Func<TimeSpan> delay)
{
    private const int UnreadMax = 4;
    private readonly Queue<byte[]> arrived = new();
    private readonly Queue<TaskCompletionSource> writers = new();
    private TaskCompletionSource<byte[]?>? waiting;
    private CancellationTokenRegistration giveUp;
    private RpcException? end;
    private bool ended;
    private int underWay;
    private long lastArrival;

    /// <summary>Sends a message; completes when there is room for another.</summary>
    public Task WriteAsync(byte[] message)
    {
        if (ended)
        {
            throw new IOException("The call has ended.");
        }

        underWay++;
        Deliver(() =>
        {
            underWay--;
            if (!ended)
            {
                arrived.Enqueue(message);
                Serve();
            }
        });
        if (underWay + arrived.Count <= UnreadMax)
        {
            return Task.CompletedTask;
        }

        var room = new TaskCompletionSource();
        writers.Enqueue(room);
        return room.Task;
    }

    /// <summary>Ends the direction behind what was sent.</summary>
    public void Complete(RpcException? error) => Deliver(() => Cut(error));

    /// <summary>Ends it at once, whatever was under way.</summary>
    public void Cut(RpcException? error)
    {
        if (ended)
        {
            return;
        }

        ended = true;
        end = error;
        if (error is not null)
        {
            arrived.Clear();
        }

        Serve();
        while (writers.TryDequeue(out var writer))
        {
            writer.TrySetException(new IOException("The stream was cut."));
        }
    }

    /// <summary>The next message, null at the end.</summary>
    /// <exception cref="RpcException">The call ended with an error.</exception>
    public Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        waiting = new TaskCompletionSource<byte[]?>();
        var asked = waiting;
        giveUp = cancellationToken.Register(() => asked.TrySetException(new RpcException(new Status(StatusCode.Cancelled, "The call was given up."))));
        Serve();
        return asked.Task;
    }

    private void Serve()
    {
        if (waiting is not { } asked || (arrived.Count == 0 && !ended))
        {
            return;
        }

        waiting = null;
        giveUp.Dispose();
        if (arrived.TryDequeue(out var message))
        {
            asked.TrySetResult(message);
            if (writers.TryDequeue(out var writer))
            {
                writer.TrySetResult();
            }
        }
        else if (end is { } error)
        {
            asked.TrySetException(error);
        }
        else
        {
            asked.TrySetResult(null);
        }
    }

    // In the order of sending, whatever the delays.
    private void Deliver(Action action)
    {
        lastArrival = Math.Max(lastArrival + 1, wire.Scheduler.Now + delay().Ticks);
        wire.After(TimeSpan.FromTicks(lastArrival - wire.Scheduler.Now), action);
    }
}
