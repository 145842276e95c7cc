using System.Runtime.InteropServices;

namespace GasTrace.Ledger.Sqlite;

/// <summary>
/// The C library's heap, in which SQLite has its pages and rows. Left to itself glibc gives memory back to the system as soon as a
/// batch is freed, and the next batch meets each page as a new one, to be mapped and cleared under a lock of the whole process.
/// </summary>
internal static class NativeHeap
{
    private const int Mib = 1_048_576;

    // mallopt(3), malloc.h of glibc.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SetOption(int option, int value);

    /// <summary>
    /// Keeps what is freed for who asks next: up to 64 MiB at the end of each heap, taken a MiB at a time; blocks of up to 32 MiB
    /// come from there too. What is in use is bounded by the caches, so what is kept is as well. Where the C library is another
    /// one nothing is set.
    /// </summary>
    public static void KeepWhatIsFreed()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out var address))
        {
            var set = Marshal.GetDelegateForFunctionPointer<SetOption>(address);
            _ = set(TrimThreshold, 64 * Mib);
            _ = set(TopPad, Mib);
            _ = set(MmapThreshold, 32 * Mib);
        }
    }
}
