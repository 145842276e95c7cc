using System.Collections.Concurrent;
using GasTrace.Domain.Deciding;
using GasTrace.Ledger;
using GasTrace.Ledger.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Ledger.Tailing;
using GasTrace.Ledger.Writing;
using GasTrace.Server.Hosting;
using GasTrace.Storage.V1;
using Google.Protobuf;

namespace GasTrace.Server.Supervision;

/// <summary>
/// Named cursors. What was given on a cursor and what was confirmed are two numbers that never share a variable: a
/// confirmation goes neither back nor beyond what was given. Cursors are read from the store each time: they are not of the
/// record, so other nodes do not hear that one has moved. A confirmation may come to another node than the one that gives;
/// that one knows only that nothing beyond the head can have been given. What was given to a subscription that has ended is known
/// for a while, so that it can still be confirmed; of many that ended, the latest are.
/// </summary>
public sealed class CursorDesk(CardCache cache, LedgerWriter writer, LedgerReader reader, GasTraceOptions options)
{
    private readonly ConcurrentDictionary<string, CursorReading> readings = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<KeyValuePair<string, CursorReading>> ended = [];

    /// <summary>Opens a cursor for a subscription; the one that reads it now, at whatever node, is told that it is taken.</summary>
    public async Task<CursorReading> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var id = $"{options.NodeName}/{Guid.NewGuid():N}";
        var confirmed = await ChangeAsync(name, card => new CursorCard(card) { Reader = id }, cancellationToken);
        var reading = new CursorReading(id, confirmed.NextPosition);
        readings.AddOrUpdate(name, reading, (_, before) =>
        {
            before.Take();
            reading.Given = Math.Max(reading.Given, before.Given);
            return reading;
        });
        return reading;
    }

    /// <summary>Tells a reading that it is taken when a subscription at another node has opened its cursor.</summary>
    public async Task CheckAsync(string name, CursorReading reading, CancellationToken cancellationToken)
    {
        if ((await CardAsync(name, cancellationToken)).State.Reader != reading.Id)
        {
            reading.Take();
        }
    }

    /// <summary>The subscription has ended.</summary>
    public void Close(string name, CursorReading reading)
    {
        ended.Enqueue(new(name, reading));
        while (ended.Count > ServerLimits.EndedCursorsMax && ended.TryDequeue(out var oldest))
        {
            // Unless it was opened again: then another reading stands there.
            readings.TryRemove(oldest);
        }
    }

    /// <summary>Confirms a cursor.</summary>
    public async Task<CommandResult<long>> AcknowledgeAsync(string name, long nextPosition, CancellationToken cancellationToken)
    {
        Rejection? rejection = null;
        var now = new Moment(options.Time.GetUtcNow()).ToTimestamp();
        var head = await reader.HeadForAsync(nextPosition, cancellationToken);
        var confirmed = await ChangeAsync(
            name,
            card => card.NextPosition == nextPosition || (rejection = Refuse(name, nextPosition, card, head)) is not null
                ? null
                : new CursorCard(card) { NextPosition = nextPosition, AcknowledgedAt = now },
            cancellationToken);
        return rejection is null ? new(confirmed.NextPosition, null) : new(0, rejection);
    }

    // Answers the card as it is now; a change that is null leaves it.
    private async Task<CursorCard> ChangeAsync(string name, Func<CursorCard, CursorCard?> change, CancellationToken cancellationToken)
    {
        var key = CardKey.Cursor(name);
        for (var attempt = 0; attempt < LedgerLimits.DecisionsMax; attempt++)
        {
            var (version, state) = await CardAsync(name, cancellationToken);
            if (change(state) is not { } next)
            {
                return state;
            }

            var unit = new AppendUnit([], [new CardRead(key, version)], [new CardWrite(key, version, next.ToByteArray())], []);
            if ((await writer.AppendAsync(unit)).Fate == UnitFate.Committed)
            {
                return next;
            }
        }

        throw new ContentionException(key.Value);
    }

    private Rejection? Refuse(string name, long nextPosition, CursorCard card, long head)
    {
        if (nextPosition < card.NextPosition)
        {
            return Rejection.Forbidden("next_position", Text(nextPosition), new($"确认不得后退：已确认到 {card.NextPosition}", $"a confirmation never goes back: {card.NextPosition} is confirmed"), "CURSOR_BACKWARDS");
        }

        var given = GivenOn(name, card, head);
        return nextPosition > given
            ? Rejection.Forbidden("next_position", Text(nextPosition), new($"该游标只发出过 {given} 条记录", $"only {given} entries were given on this cursor"), "CURSOR_NOT_GIVEN")
            : null;
    }

    private long GivenOn(string name, CursorCard card, long head) =>
        readings.TryGetValue(name, out var reading) && reading.Id == card.Reader ? reading.Given
        : card.Reader.Length > 0 && !card.Reader.StartsWith(options.NodeName + "/", StringComparison.Ordinal) ? Math.Max(head, card.NextPosition)
        : card.NextPosition;

    private async Task<(long Version, CursorCard State)> CardAsync(string name, CancellationToken cancellationToken)
    {
        var card = (await cache.RefreshAsync([CardKey.Cursor(name)], cancellationToken))[0];
        return (card.Version, card.State as CursorCard ?? new CursorCard());
    }

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
    public CursorReading(string id, long confirmed) => (Id, Confirmed, given) = (id, confirmed, confirmed);

    /// <summary>Its node's name and an id of its own.</summary>
    public string Id { get; }

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
