using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GasTrace.Ledger.Sqlite;

/// <summary>
/// Spreads long work on a connection over time. In one go it would take a core, and the disk, away from requests for a tenth
/// of a second: SQLite stops within its statements, and rests once it has worked for a millisecond. A long transaction holds
/// nobody up where one connection writes a database.
/// </summary>
internal sealed class WorkPace
{
    private const int StepsBetweenLooks = 500;
    private static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(1);

    // On a busy machine a stretch is long for want of a core, not of work done.
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(50);
    private readonly delegate_progress look;
    private readonly sqlite3 connection;
    private double restPerWork;
    private WaitHandle hurry = CancellationToken.None.WaitHandle;
    private long began;

    /// <summary>Full speed until told otherwise.</summary>
    /// <param name="connection">The connection, of one thread at a time.</param>
    public WorkPace(SqliteConnection connection)
    {
        this.connection = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        look = Look;
    }

    /// <summary>How long it has rested since the pace was set.</summary>
    public TimeSpan Rested { get; private set; }

    /// <summary>Sets the pace of what is run from now on.</summary>
    /// <param name="restPerWork">How many times as long as it works it rests; 0 for full speed.</param>
    /// <param name="hurry">There are no rests while it is set.</param>
    public void Set(double restPerWork, WaitHandle hurry)
    {
        this.restPerWork = restPerWork;
        this.hurry = hurry;
        Rested = TimeSpan.Zero;
        began = TimeProvider.System.GetTimestamp();
        var resting = restPerWork > 0;
        raw.sqlite3_progress_handler(connection, resting ? StepsBetweenLooks : 0, resting ? look : null, null);
    }

    private int Look(object state)
    {
        if (TimeProvider.System.GetElapsedTime(began) is var worked && worked >= Stretch)
        {
            var rest = worked * restPerWork;
            var before = TimeProvider.System.GetTimestamp();
            hurry.WaitOne(rest < RestMax ? rest : RestMax);
            began = TimeProvider.System.GetTimestamp();
            Rested += TimeProvider.System.GetElapsedTime(before, began);
        }

        return 0;
    }
}
