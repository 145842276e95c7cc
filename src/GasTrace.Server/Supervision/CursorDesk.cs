using System.Collections.Concurrent;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Writing;
using GasTrace.Storage.V1;
using Google.Protobuf;

namespace GasTrace.Server.Supervision;

/// <summary>
/// Named cursors. What was given on a cursor and what was confirmed are two numbers that never share a variable: a
/// confirmation goes neither back nor beyond what was given. Cursors are read from the store each time: they are not of the
/// record, so other nodes do not hear that one has moved.
/// </summary>
public sealed class CursorDesk(CardCache cache, LedgerWriter writer, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, CursorReading> readings = new(StringComparer.Ordinal);

    /// <summary>Opens a cursor for a subscription; the one that reads it now is told that it is taken.</summary>
    public async Task<CursorReading> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var reading = new CursorReading(await ConfirmedAsync(name, cancellationToken).ConfigureAwait(false));
        readings.AddOrUpdate(name, reading, (_, before) =>
        {
            before.Take();
            reading.Given = Math.Max(reading.Given, before.Given);
            return reading;
        });
        return reading;
    }

    /// <summary>Confirms a cursor.</summary>
    public async Task<CommandResult<long>> AcknowledgeAsync(string name, long nextPosition, CancellationToken cancellationToken)
    {
        var key = CardKey.Cursor(name);
        for (var attempt = 0; attempt < LedgerLimits.DecisionsMax; attempt++)
        {
            var card = (await cache.RefreshAsync([key], cancellationToken).ConfigureAwait(false))[0];
            var confirmed = (card.State as CursorCard)?.NextPosition ?? 0;
            if (nextPosition == confirmed)
            {
                return new(confirmed, null);
            }

            if (Refuse(name, nextPosition, confirmed) is { } rejection)
            {
                return new(0, rejection);
            }

            var next = new CursorCard { NextPosition = nextPosition, AcknowledgedAt = new Moment(time.GetUtcNow()).ToTimestamp() };
            var outcome = await writer.AppendAsync(new AppendUnit(
                [], [new CardRead(key, card.Version)], [new CardWrite(key, card.Version, next.ToByteArray())], [])).ConfigureAwait(false);
            if (outcome.Fate == UnitFate.Committed)
            {
                return new(nextPosition, null);
            }
        }

        throw new ContentionException(key.Value);
    }

    private Rejection? Refuse(string name, long nextPosition, long confirmed)
    {
        if (nextPosition < confirmed)
        {
            return Rejection.Forbidden("next_position", Text(nextPosition), $"a confirmation never goes back: {confirmed} is confirmed", "CURSOR_BACKWARDS");
        }

        var given = readings.TryGetValue(name, out var reading) ? reading.Given : confirmed;
        return nextPosition > given
            ? Rejection.Forbidden("next_position", Text(nextPosition), $"only {given} entries were given on this cursor", "CURSOR_NOT_GIVEN")
            : null;
    }

    private async Task<long> ConfirmedAsync(string name, CancellationToken cancellationToken) =>
        ((await cache.RefreshAsync([CardKey.Cursor(name)], cancellationToken).ConfigureAwait(false))[0].State as CursorCard)?.NextPosition ?? 0;

    private static string Text(long position) => position.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A subscription's reading of a named cursor.</summary>
#pragma warning disable CA1001 // The source has no timer and no link, so there is nothing to release; a newer reading may still raise it.
public sealed class CursorReading
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource taken = new();
    private long given;

    /// <summary>A reading that starts at what is confirmed.</summary>
    public CursorReading(long confirmed) => (Confirmed, given) = (confirmed, confirmed);

    /// <summary>Where the subscription starts.</summary>
    public long Confirmed { get; }

    /// <summary>Raised when a newer subscription reads the cursor.</summary>
    public CancellationToken Taken => taken.Token;

    /// <summary>How many entries were given.</summary>
    public long Given
    {
        get => Interlocked.Read(ref given);
        set => Interlocked.Exchange(ref given, value);
    }

    /// <summary>Tells the subscription that its cursor is read by another.</summary>
    public void Take() => taken.Cancel();
}
