using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Writing;
using GasTrace.Storage.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace GasTrace.Cards.Redis;

/// <summary>
/// Decides whether the cards in Redis may be used. Redis remembers the furthest entry that the ledger ever had: when the store has none
/// at that position, or another, it was restored from a backup, and cards written after the backup would pass for cards that are
/// written from now on. Then a new generation of keys is begun. Its name stands on a card of the store, so that all nodes use the same one.
/// </summary>
public sealed partial class RedisAdmission(RedisCards cards, RedisHeadSignal signal, ILedgerStore store, LedgerWriter writer, TimeProvider time, ILogger<RedisAdmission> log)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Tries until it is decided: Redis or the store may be away.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!await TryAsync(cancellationToken))
        {
            await Task.Delay(Retry, time, cancellationToken);
        }
    }

    /// <summary>Decides; false when Redis or the store cannot tell, or another node was faster.</summary>
    public async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var card = (await store.GetCardsAsync([CardKey.SharedCards], cancellationToken))[0];
            var generation = card.Version == 0 ? string.Empty : SharedCardsCard.Parser.ParseFrom(card.State.Span).Generation;
            var (isKnown, furthest) = await signal.FurthestAsync(generation, cancellationToken);
            if (!isKnown)
            {
                return false;
            }

            // Asked after Redis was: it has only grown since, unless it was restored.
            var hasGoneBack = furthest is { } last && !await HoldsAsync(last.Head - 1, last.LeafHash, cancellationToken);
            if (generation.Length == 0 || hasGoneBack)
            {
                var before = generation;
                generation = Guid.NewGuid().ToString("N")[..12];
                var next = new SharedCardsCard { Generation = generation };
                var unit = new AppendUnit([], [new CardRead(card.Key, card.Version)], [new CardWrite(card.Key, card.Version, next.ToByteArray())], []);
                if ((await writer.AppendAsync(unit)).Fate != UnitFate.Committed)
                {
                    return false;
                }

                if (hasGoneBack)
                {
                    LogGoneBack(generation, furthest!.Value.Head);
                    signal.Leave(before);
                }
            }

            if (!await RememberAsync(generation, cancellationToken))
            {
                return false;
            }

            cards.Admit(generation);
            return true;
        }
        catch (Exception error) when (error is StoreUnavailableException or LedgerBusyException)
        {
            LogFailed(error.Message);
            return false;
        }
    }

    private async Task<bool> HoldsAsync(long position, ReadOnlyMemory<byte> leafHash, CancellationToken cancellationToken) =>
        await store.ReadAsync(position, 1, cancellationToken) is [var entry] && LeafHash.Of(entry.Payload.Span).AsSpan().SequenceEqual(leafHash.Span);

    // No card is offered before Redis knows of what it may rest on: all that is there now, and what comes.
    private async Task<bool> RememberAsync(string generation, CancellationToken cancellationToken)
    {
        signal.Remember(generation);
        var head = await store.GetHeadAsync(cancellationToken);
        return head == 0 || (await store.ReadAsync(head - 1, 1, cancellationToken) is [var last] && await signal.RememberAsync(last, cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger has gone back: Redis has heard of {Remembered} entries, and the last of them is not there. Cards in Redis are begun anew as generation {Generation}.")]
    private partial void LogGoneBack(string generation, long remembered);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether cards in Redis may be used cannot be decided yet: {Reason}")]
    private partial void LogFailed(string reason);
}
