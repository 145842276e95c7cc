namespace GasTrace.Server.Hosting;

/// <summary>Limits of the face. Their relations are asserted by a test.</summary>
public static class ServerLimits
{
    /// <summary>Most bytes of a message that a client may send.</summary>
    public const int MessageBytesMax = 1024 * 1024;

    /// <summary>Most commands in a message of a station's stream.</summary>
    public const int StationCommandsMax = 256;

    /// <summary>Commands of one station's stream that may be under way; further ones wait in the client's window.</summary>
    public const int StationInFlightMax = 512;

    /// <summary>Most rows in a message of an import.</summary>
    public const int ImportRowsMax = 500;

    /// <summary>Most entries in a message of a subscription.</summary>
    public const int BatchEntriesMax = 1_000;

    /// <summary>Entries in a message of a subscription unless asked otherwise.</summary>
    public const int BatchEntriesDefault = 500;

    /// <summary>Least that batch_bytes_max may be: one entry of the greatest size fits.</summary>
    public const int BatchBytesMin = 65_536;

    /// <summary>Most that batch_bytes_max may be.</summary>
    public const int BatchBytesMax = 1_048_576;

    /// <summary>Bytes in a message of a subscription unless asked otherwise.</summary>
    public const int BatchBytesDefault = 262_144;

    /// <summary>Values in each field of a filter.</summary>
    public const int FilterValuesMax = 256;

    /// <summary>Subscriptions of a node.</summary>
    public const int SubscriptionsMax = 1_000;

    /// <summary>Cursors whose subscription has ended, of which a node knows what was given on them.</summary>
    public const int EndedCursorsMax = 1_000;

    /// <summary>Reads of history at once, of all subscriptions of a node: all readers reconnecting do not starve the scans.</summary>
    public const int CatchUpReadsMax = 4;

    /// <summary>Scanned entries without a match after which a subscription says how far it is.</summary>
    public const int ScannedBeforeProgressMax = 100_000;

    /// <summary>Most entries of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>Entries of a page unless asked otherwise.</summary>
    public const int PageSizeDefault = 100;

    /// <summary>Entries that a search looks at before it asks itself whether it should go on.</summary>
    public const int SearchStretchEntries = 250_000;

    /// <summary>Cylinders that a list by maker or model looks at before it asks itself whether it should go on.</summary>
    public const int ListStretchCylinders = 50_000;

    /// <summary>How long a search, or such a list, begins with further stretches for a page; what it has not looked at is the next page's.</summary>
    public static readonly TimeSpan SearchTimeMax = TimeSpan.FromMilliseconds(250);

    /// <summary>Shortest time between heartbeats.</summary>
    public static readonly TimeSpan HeartbeatMin = TimeSpan.FromSeconds(1);

    /// <summary>Longest time between heartbeats.</summary>
    public static readonly TimeSpan HeartbeatMax = TimeSpan.FromSeconds(60);

    /// <summary>Time between heartbeats unless asked otherwise.</summary>
    public static readonly TimeSpan HeartbeatDefault = TimeSpan.FromSeconds(5);

    /// <summary>How long a subscription that is live gathers entries after it has looked at some; the first after a rest goes at once.</summary>
    public static readonly TimeSpan LiveGathering = TimeSpan.FromMilliseconds(10);

    /// <summary>What a client is told to wait before it tries again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
}
