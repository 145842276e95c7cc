using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text.Json.Serialization;

namespace GasTrace.LoadTests.Node;

/// <summary>What a process has used since it began, or between two looks.</summary>
/// <param name="CpuMicros">Processor time, microseconds.</param>
/// <param name="AllocatedBytes">Bytes allocated.</param>
/// <param name="PauseMicros">Time for which the collector stopped it, microseconds.</param>
/// <param name="CompileMicros">Time spent compiling methods, microseconds.</param>
/// <param name="Collections">Collections.</param>
/// <param name="AnonymousBytes">Memory of its own: what is mapped from files is the system's, which takes it back when it needs it.</param>
/// <param name="Handles">Open handles.</param>
/// <param name="Batches">Batches that its ledger committed; 0 where there is none.</param>
/// <param name="Units">Units, each a command's outcome, in these batches.</param>
internal sealed record NodeUsage(
    double CpuMicros, double AllocatedBytes, double PauseMicros, double CompileMicros, int Collections, long AnonymousBytes, int Handles, long Batches = 0, long Units = 0)
{
    /// <summary>What was used since an earlier look; memory and handles are as they are now.</summary>
    public static NodeUsage operator -(NodeUsage later, NodeUsage earlier) => later with
    {
        CpuMicros = later.CpuMicros - earlier.CpuMicros,
        AllocatedBytes = later.AllocatedBytes - earlier.AllocatedBytes,
        PauseMicros = later.PauseMicros - earlier.PauseMicros,
        CompileMicros = later.CompileMicros - earlier.CompileMicros,
        Collections = later.Collections - earlier.Collections,
        Batches = later.Batches - earlier.Batches,
        Units = later.Units - earlier.Units,
    };

    /// <summary>This process.</summary>
    public static NodeUsage OfThisProcess() => new(
        Environment.CpuUsage.TotalTime.TotalMicroseconds, GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration().TotalMicroseconds,
        JitInfo.GetCompilationTime().TotalMicroseconds, GC.CollectionCount(0), Anonymous(), Handle());

    private static long Anonymous()
    {
        const string Status = "/proc/self/status";
        var line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)) : null;
        return line is null
            ? Environment.WorkingSet
            : 1_024 * long.Parse(line.AsSpan("RssAnon:".Length, line.Length - "RssAnon:".Length - "kB".Length), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    private static int Handle()
    {
        const string Handles = "/proc/self/fd";
        using var process = Process.GetCurrentProcess();
        return Directory.Exists(Handles) ? Directory.GetFileSystemEntries(Handles).Length : process.HandleCount;
    }
}

/// <summary>Where a node listens.</summary>
/// <param name="Service">The service.</param>
/// <param name="Plain">The baselines, to compare with.</param>
internal sealed record NodeAddresses(string Service, string Plain);

/// <summary>What a node and its load generator say to each other, a line each.</summary>
[JsonSerializable(typeof(NodeUsage))]
[JsonSerializable(typeof(NodeAddresses))]
internal sealed partial class NodeJson : JsonSerializerContext;
