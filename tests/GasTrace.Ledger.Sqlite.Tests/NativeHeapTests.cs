using System.Globalization;
using System.Runtime.InteropServices;

namespace GasTrace.Ledger.Sqlite.Tests;

/// <summary>What SQLite frees is there when it is asked for again, without the system.</summary>
public sealed class NativeHeapTests
{
    private const int Blocks = 2_000;
    private const int BlockBytes = 4_096;

    // proc_pid_stat(5): the tenth field; the second, in brackets, may hold blanks.
    private const int MinorFaultsAfterName = 7;

    [Fact]
    public void Memory_that_was_freed_is_not_mapped_again()
    {
        Assert.SkipUnless(NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out _), "Only glibc has this heap.");
        NativeHeap.KeepWhatIsFreed();
        var (first, second) = (0L, 0L);
        var thread = new Thread(() => (first, second) = (FaultsOfABatch(), FaultsOfABatch()));
        thread.Start();
        thread.Join();
        Assert.True(second < Blocks / 10, $"The first batch met {first} new pages and the second {second}.");
    }

    // Allocates as SQLite does for a batch, and frees all of it.
    private static long FaultsOfABatch()
    {
        var blocks = new nint[Blocks];
        var before = MinorFaults();
        for (var i = 0; i < Blocks; i++)
        {
            blocks[i] = Marshal.AllocHGlobal(BlockBytes);
            Marshal.WriteByte(blocks[i], BlockBytes - 1, 1);
        }

        var faults = MinorFaults() - before;
        Array.ForEach(blocks, Marshal.FreeHGlobal);
        return faults;
    }

    private static long MinorFaults()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[MinorFaultsAfterName], CultureInfo.InvariantCulture);
    }
}
