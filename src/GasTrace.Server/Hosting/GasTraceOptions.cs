using System.Net;
using GasTrace.Cards.Redis;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Ledger;
using GasTrace.Ledger.Sqlite;
using GasTrace.Ledger.SqlServer;

namespace GasTrace.Server.Hosting;

/// <summary>How a node runs. Exactly one store is named.</summary>
public sealed record GasTraceOptions
{
    /// <summary>The embedded store; null when another is used.</summary>
    public SqliteOptions? Sqlite { get; init; }

    /// <summary>The production store; null when another is used.</summary>
    public SqlServerOptions? SqlServer { get; init; }

    /// <summary>The card cache that nodes share; null when there is none.</summary>
    public RedisOptions? Redis { get; init; }

    /// <summary>This node's name; no two nodes that run share one.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>Address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>Cards kept in process memory.</summary>
    public int CachedCardsMax { get; init; } = LedgerLimits.CachedCardsDefault;

    /// <summary>Requests that may wait for the writer.</summary>
    public int QueueUnitsMax { get; init; } = LedgerLimits.QueueUnitsMax;

    /// <summary>Formats of codes that are accepted.</summary>
    public IReadOnlyList<CodeFormat> CodeFormats { get; init; } = CodeFormat.Default;

    /// <summary>The service's master key, 32 bytes; null to keep one in the folder of the embedded store.</summary>
    public byte[]? MasterKey { get; init; }

    /// <summary>How often permits that nobody came back to are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a subscriber may accept nothing before its stream is cut.</summary>
    public TimeSpan WriteDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often it is looked for what other nodes wrote, when nobody tells.</summary>
    public TimeSpan TailInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a task that one node does at a time stays with a node that is not heard of.</summary>
    public TimeSpan LeaseTerm { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>True to log to the console.</summary>
    public bool Console { get; init; }

    /// <summary>A node on the embedded store.</summary>
    /// <param name="folder">Folder of the data.</param>
    public static GasTraceOptions OnSqlite(string folder) => new() { Sqlite = new SqliteOptions(folder) };
}
