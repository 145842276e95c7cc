using GasTrace.Domain.Deciding;
using Microsoft.Data.Sqlite;

namespace GasTrace.Ledger.Sqlite.Cards;

/// <summary>
/// Brings cards into memory after the start, for as long as they fit, on a thread of its own that rests as long as it works:
/// so the first scan of a cylinder after a restart costs what the next one does.
/// </summary>
internal sealed class CardWarmer : IDisposable
{
    private const int CardsAtOnce = 256;
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(50);
    private readonly CardReaders readers;
    private readonly ResidentCards resident;
    private readonly ManualResetEvent stop = new(false);
    private readonly BackgroundThread thread;

    public CardWarmer(CardReaders readers, ResidentCards resident)
    {
        this.readers = readers;
        this.resident = resident;
        thread = new BackgroundThread("card-warmer", Run);
    }

    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }

    private void Run()
    {
        long? last = CardPlaces.BeforeAll;
        while (last is { } after && resident.HasRoom)
        {
            var began = TimeProvider.System.GetTimestamp();
            try
            {
                // Before the read, or what was flushed meanwhile could be taken for older than it is.
                var evictions = resident.Evictions;
                last = readers.Read(
                    readers.Generation, (After: after, Resident: resident, Evictions: evictions),
                    static (reader, from) => reader.ForEachAfter(from.After, CardsAtOnce, (key, version, state) => from.Resident.Offer(key, version, state, from.Evictions)));
            }
            catch (SqliteException)
            {
                // Whoever needs a card meets the same trouble, and tells it.
                return;
            }

            var worked = TimeProvider.System.GetElapsedTime(began);
            if (stop.WaitOne(worked < RestMax ? worked : RestMax))
            {
                return;
            }
        }
    }
}
