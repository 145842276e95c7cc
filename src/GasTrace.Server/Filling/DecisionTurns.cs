using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace GasTrace.Server.Filling;

/// <summary>
/// Has calls that come at about the same time decided one after the other on one thread: what a decision goes through, its code
/// above all, is larger than a processor's nearest caches, and between the parsing of other calls each would fetch it again. Who is
/// alone waits for nobody, and who waits for a card or a commit lets the next one go on. Where order counts, as on a station's stream,
/// this is no place for it: two threads may take turns at a time.
/// </summary>
public sealed class DecisionTurns
{
    // Then whatever else waits for the thread has its turn.
    private const int DecidedTogether = 64;
    private readonly ConcurrentQueue<Action> waiting = new();
    private int called;

    /// <summary>To be awaited before a call is decided.</summary>
    public Turn Next() => new(this);

    private void Enter(Action decide)
    {
        waiting.Enqueue(decide);
        Call();
    }

    private void Call()
    {
        if (Interlocked.Exchange(ref called, 1) == 0)
        {
            _ = TakeTurnsAsync();
        }
    }

    private async Task TakeTurnsAsync()
    {
        await Task.Yield();

        // Before the first look: whoever enters after the last one calls again.
        Interlocked.Exchange(ref called, 0);
        for (var taken = 0; taken < DecidedTogether && waiting.TryDequeue(out var decide); taken++)
        {
            decide();
        }

        if (!waiting.IsEmpty)
        {
            Call();
        }
    }

    /// <summary>A turn that is waited for; its own awaiter, so that nothing is made for it but a place in the queue.</summary>
    /// <param name="turns">Among whom.</param>
    public readonly struct Turn(DecisionTurns turns) : INotifyCompletion
    {
        /// <summary>Never: it comes in order.</summary>
        public bool IsCompleted => false;

        /// <summary>Itself.</summary>
        public Turn GetAwaiter() => this;

        /// <summary>Nothing comes of it.</summary>
        public void GetResult()
        {
        }

        /// <inheritdoc />
        public void OnCompleted(Action continuation) => turns.Enter(continuation);
    }
}
