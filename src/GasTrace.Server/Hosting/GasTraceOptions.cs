using System.Net;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger;
using GasTrace.Ledger.Sqlite;

namespace GasTrace.Server.Hosting;

/// <summary>How a node runs.</summary>
/// <param name="DataFolder">Folder of the ledger and of what is made from it.</param>
public sealed record GasTraceOptions(string DataFolder)
{
    /// <summary>Address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>Cards kept in process memory.</summary>
    public int CachedCardsMax { get; init; } = LedgerLimits.CachedCardsDefault;

    /// <summary>Requests that may wait for the writer.</summary>
    public int QueueUnitsMax { get; init; } = LedgerLimits.QueueUnitsMax;

    /// <summary>Page cache of the ledger's writer, MiB.</summary>
    public int WriterCacheMib { get; init; } = 256;

    /// <summary>Changed cards that may wait in memory to be written behind the ledger; beyond it the writer waits.</summary>
    public int UnflushedCardsMax { get; init; } = SqliteOptions.UnflushedCardsDefault;

    /// <summary>Formats of codes that are accepted.</summary>
    public IReadOnlyList<CodeFormat> CodeFormats { get; init; } = CodeFormat.Default;

    /// <summary>The service's master key, 32 bytes; null to keep one in the data folder.</summary>
    public byte[]? MasterKey { get; init; }

    /// <summary>How often permits that nobody came back to are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a subscriber may accept nothing before its stream is cut.</summary>
    public TimeSpan WriteDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>True to log to the console.</summary>
    public bool Console { get; init; }
}
