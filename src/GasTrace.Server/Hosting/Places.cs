using System.Threading.Channels;

namespace GasTrace.Server.Hosting;

/// <summary>
/// A number of places, taken in turn. A semaphore would do, but one that is waited for with a token goes on in the thread pool,
/// and the simulation could not replay it.
/// </summary>
internal sealed class Places(int count)
{
    private readonly Channel<bool> taken = Channel.CreateBounded<bool>(count);

    /// <summary>Takes a place as soon as there is one.</summary>
    public ValueTask TakeAsync(CancellationToken cancellationToken) => taken.Writer.WriteAsync(true, cancellationToken);

    /// <summary>Gives places back.</summary>
    public void Leave(int places = 1)
    {
        for (var i = 0; i < places; i++)
        {
            taken.Reader.TryRead(out _);
        }
    }
}
