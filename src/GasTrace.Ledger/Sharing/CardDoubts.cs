using GasTrace.Domain.Deciding;
using Microsoft.Extensions.Logging;

namespace GasTrace.Ledger.Sharing;

/// <summary>
/// Which cards the shared cache is not believed of, because it may have missed what became of them. Bounded: of what happens at
/// every fill the oldest doubts are forgotten (a decision meets the truth in its append). Of what an authority put on the register
/// none is, within the time that an old card may live there: when there is no room for it, nothing is believed for that long.
/// </summary>
internal sealed partial class CardDoubts
{
    // Apart, or the fills of an hour would push out what an authority said.
    private readonly NamedDoubts lasting;
    private readonly NamedDoubts daily;
    private readonly Lock changing = new();
    private readonly TimeSpan lifetime;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private long allUntil = long.MinValue;

    /// <summary>There are none.</summary>
    /// <param name="lifetime">How long a card lives in the shared cache, at most.</param>
    /// <param name="time">Clock.</param>
    /// <param name="log">Where it is told that nothing is believed.</param>
    /// <param name="max">Most cards that are doubted, of either kind.</param>
    public CardDoubts(TimeSpan lifetime, TimeProvider time, ILogger log, int max)
    {
        this.log = log;
        this.lifetime = lifetime;
        this.time = time;
        daily = new(max);
        lasting = new(max, doubt => DoubtAll(doubt.Arose));
    }

    /// <summary>Whether the shared cache is not to be believed of a card.</summary>
    public bool Any(CardKey key) =>
        lasting.Any(key) || daily.Any(key) || time.GetTimestamp() < Interlocked.Read(ref allUntil);

    /// <summary>Another node changed a card, and may have failed to bring it to the shared cache.</summary>
    /// <param name="key">The card.</param>
    /// <param name="asOf">When this node heard of it: laid aside by an offer of what was read later.</param>
    public void Heard(CardKey key, long asOf)
    {
        lock (changing)
        {
            lasting.Put(key, new Doubt(asOf, lasting.Of(key)?.Version ?? 0, time.GetTimestamp()));
        }
    }

    /// <summary>Another node may have changed any card.</summary>
    public void HeardOfAny() => DoubtAll(time.GetTimestamp());

    /// <summary>An offer was not taken in.</summary>
    /// <param name="key">The card.</param>
    /// <param name="version">Its version: laid aside by an offer that is no older.</param>
    /// <param name="since">What this node had heard when it was read or written.</param>
    /// <param name="isLasting">Whether it was put on the register, and not what happens at every fill.</param>
    public void Missed(CardKey key, long version, long since, bool isLasting)
    {
        var doubts = isLasting ? lasting : daily;
        lock (changing)
        {
            var known = doubts.Of(key);
            if (known is null || known.Value.Version < version)
            {
                doubts.Put(key, new Doubt(known?.AsOf ?? since, version, time.GetTimestamp()));
            }
        }
    }

    /// <summary>An offer was taken in.</summary>
    public void Taken(CardKey key, long version, long since)
    {
        // Nearly always there is no doubt, and an offer comes with every change.
        if (lasting.Any(key) || daily.Any(key))
        {
            lock (changing)
            {
                LayAside(lasting, key, version, since);
                LayAside(daily, key, version, since);
            }
        }
    }

    private static void LayAside(NamedDoubts doubts, CardKey key, long version, long since)
    {
        if (doubts.Of(key) is { } doubt && doubt.AsOf <= since && doubt.Version <= version)
        {
            doubts.LayAside(key);
        }
    }

    // Of what is pushed out, or has no name, the shared cache may hold an older state, put there before the doubt arose.
    private void DoubtAll(long arose)
    {
        var until = arose + (long)(lifetime.TotalSeconds * time.TimestampFrequency);
        var now = time.GetTimestamp();
        for (var known = Interlocked.Read(ref allUntil); known < until;)
        {
            var before = Interlocked.CompareExchange(ref allUntil, until, known);
            if (before == known && before <= now && until > now)
            {
                LogNothingBelieved(time.GetElapsedTime(now, until));
            }

            known = before == known ? until : before;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "More changed than can be remembered by name, or in a way that only newer nodes know: cards are read from the store, not from the shared cache, for {Remaining} and longer while it goes on")]
    private partial void LogNothingBelieved(TimeSpan remaining);
}
