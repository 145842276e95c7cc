using Grpc.Core;

namespace GasTrace.Simulation.Network;

/// <summary>The writing end of a stream.</summary>
internal sealed class Writer<TMessage>(Pipe pipe, Marshaller<TMessage> marshaller) : IServerStreamWriter<TMessage>, IClientStreamWriter<TMessage>
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TMessage message) => pipe.WriteAsync(Wire.Write(marshaller, message));

    public Task WriteAsync(TMessage message, CancellationToken cancellationToken) => WriteAsync(message).WaitAsync(cancellationToken);

    public Task CompleteAsync()
    {
        pipe.Complete(null);
        return Task.CompletedTask;
    }
}

/// <summary>The reading end of a stream.</summary>
internal sealed class Reader<TMessage>(Pipe pipe, Marshaller<TMessage> marshaller) : IAsyncStreamReader<TMessage>
{
    public TMessage Current { get; private set; } = default!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (await pipe.ReadAsync(cancellationToken) is not { } message)
        {
            return false;
        }

        Current = Wire.Read(marshaller, message);
        return true;
    }
}
