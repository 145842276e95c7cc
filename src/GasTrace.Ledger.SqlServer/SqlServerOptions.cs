namespace GasTrace.Ledger.SqlServer;

/// <summary>Settings of the production store.</summary>
/// <param name="ConnectionString">How to reach the database. It may hold a password: it is never logged or shown.</param>
public sealed record SqlServerOptions(string ConnectionString)
{
    /// <summary>Within what time whatever is asked is answered, or said to be unavailable.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a read is tried again after a fault that passes by itself.</summary>
    public int ReadRetriesMax { get; init; } = 3;

    /// <summary>How long the first of them waits; each next one twice as long, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc />
    public override string ToString() => nameof(SqlServerOptions);
}
