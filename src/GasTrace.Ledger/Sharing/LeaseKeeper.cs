using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Writing;
using GasTrace.Storage.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace GasTrace.Ledger.Sharing;

/// <summary>
/// Lets one node at a time do a task. The lease is a card: taking and renewing it are appends that fail when another was faster,
/// so two nodes cannot hold one term. Who would take over has seen the card unchanged for a whole term by its own watch:
/// clocks of nodes are never compared. A holder that cannot renew stops before the others may begin.
/// </summary>
/// <remarks>
/// A holder that was stopped in the middle of a write and wakes up late is fenced by what it writes to: the projections move on
/// only from the position they hold, and permits expire by their card's version.
/// </remarks>
/// <param name="store">Where the card is.</param>
/// <param name="writer">Writes it.</param>
/// <param name="node">This node's name; no two nodes that run share one. It takes up its own lease of a former life at once.</param>
/// <param name="time">The watch.</param>
/// <param name="term">How long a lease lasts without renewal; renewed six times as often.</param>
/// <param name="log">Where changes of hands are told.</param>
public sealed partial class LeaseKeeper(ILedgerStore store, LedgerWriter writer, string node, TimeProvider time, TimeSpan term, ILogger<LeaseKeeper> log)
{
    private readonly TimeSpan beat = term / 6;

    // How long a holder believes in a lease without renewal; the rest is for watches that run unevenly.
    private readonly TimeSpan trust = term * 2 / 3;

    /// <summary>
    /// Does a task whenever this node holds its lease, until cancelled. The task is told by its token to stop when the lease is
    /// lost; what it throws by itself ends this too.
    /// </summary>
    /// <param name="task">Its name, the same on all nodes.</param>
    /// <param name="work">The task, which ends only by its token.</param>
    /// <param name="cancellationToken">Ends it; the lease is handed back.</param>
    public async Task RunAsync(string task, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var key = CardKey.Lease(task);
        (long Version, long SeenAt) watched = (-1, 0);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await LookAsync(key, cancellationToken) is { } card)
            {
                var state = card.State.Length == 0 ? new LeaseCard() : LeaseCard.Parser.ParseFrom(card.State.Span);
                if (card.Version != watched.Version)
                {
                    watched = (card.Version, time.GetTimestamp());
                }

                if ((state.Holder.Length == 0 || state.Holder == node || time.GetElapsedTime(watched.SeenAt) >= term)
                    && await WriteAsync(key, card.Version, new LeaseCard { Holder = node, Term = state.Term + 1 }))
                {
                    LogTaken(task, state.Term + 1, state.Holder);
                    await HoldAsync(key, card.Version + 1, state.Term + 1, work, cancellationToken);
                    LogLost(task, state.Term + 1);
                    watched = (-1, 0);
                    continue;
                }
            }

            await Task.Delay(beat, time, cancellationToken);
        }
    }

    private async Task HoldAsync(CardKey key, long version, long number, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        // Runs out before the others may begin, should a renewal hang.
        using var confirmed = new CancellationTokenSource(trust, time);
        using var holding = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, confirmed.Token);
        var working = DoAsync(work, holding.Token);
        try
        {
            version = await RenewAsync(key, version, number, working, confirmed, cancellationToken);
        }
        finally
        {
            holding.Cancel();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await WriteAsync(key, version, new LeaseCard { Term = number });
        }

        if (working.IsFaulted)
        {
            await working;
        }
    }

    // What the task throws at once is its fault too, not this one's.
    private static async Task DoAsync(Func<CancellationToken, Task> work, CancellationToken lost) => await work(lost);

    // Renews as long as it can; answers the last version that it knows to be its own.
    private async Task<long> RenewAsync(
        CardKey key, long version, long number, Task working, CancellationTokenSource confirmed, CancellationToken cancellationToken)
    {
        while (true)
        {
            await working.WaitAsync(beat, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (working.IsCompleted || cancellationToken.IsCancellationRequested)
            {
                return version;
            }

            var at = time.GetTimestamp();
            if (await WriteAsync(key, version, new LeaseCard { Holder = node, Term = number }))
            {
                version++;
                var left = trust - time.GetElapsedTime(at);
                confirmed.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
            else if (await LookAsync(key, cancellationToken) is { } card)
            {
                // Another overtook; or the renewal stands, and only its reply was lost.
                if (LeaseCard.Parser.ParseFrom(card.State.Span) is not { } state || state.Holder != node || state.Term != number)
                {
                    return version;
                }

                version = card.Version;
            }
        }
    }

    private async Task<StoredCard?> LookAsync(CardKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.GetCardsAsync([key], cancellationToken))[0];
        }
        catch (StoreUnavailableException error)
        {
            LogUnavailable(key.Value, error.Message);
            return null;
        }
    }

    private async Task<bool> WriteAsync(CardKey key, long seen, LeaseCard state)
    {
        try
        {
            var unit = new AppendUnit([], [new CardRead(key, seen)], [new CardWrite(key, seen, state.ToByteArray())], []);
            return (await writer.AppendAsync(unit)).Fate == UnitFate.Committed;
        }
        catch (Exception error) when (error is StoreUnavailableException or LedgerBusyException)
        {
            LogUnavailable(key.Value, error.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This node does '{Task}' now, term {Term}; before it was node '{Before}'.")]
    private partial void LogTaken(string task, long term, string before);

    [LoggerMessage(Level = LogLevel.Information, Message = "This node no longer does '{Task}', term {Term}.")]
    private partial void LogLost(string task, long term);

    [LoggerMessage(Level = LogLevel.Warning, Message = "'{Lease}' cannot be read or renewed; it is tried again: {Reason}")]
    private partial void LogUnavailable(string lease, string reason);
}
