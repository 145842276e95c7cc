using GasTrace.Ledger.Sqlite;
using GasTrace.LoadTests.Scenarios;

namespace GasTrace.LoadTests;

/// <summary>A city in a store of its own, made once where a folder for it is given, and copied from there.</summary>
internal static class PreparedStore
{
    private const string Ledger = "ledger.db";

    /// <summary>Brings the city's store into a folder, so that every run begins with the same one.</summary>
    public static async Task CopyAsync(LoadSettings settings, City city, string folder, CancellationToken cancellationToken)
    {
        var prepared = settings.Prepared is { } kept ? Path.Combine(kept, $"{settings.Cylinders}x{settings.Stations}x{settings.Callers}") : folder;
        if (!File.Exists(Path.Combine(prepared, Ledger)))
        {
            LoadBench.Say($"Registering {settings.Cylinders:N0} cylinders …");
            await new RegisterWriter(city).WriteAsync(new SqliteOptions(prepared), new Steps(settings.Cylinders), cancellationToken);
        }

        Copy(prepared, folder);
        if (settings.Entries > 0)
        {
            await LedgerGrowth.GrowAsync(settings, city, folder, cancellationToken);
        }
    }

    private static void Copy(string prepared, string folder)
    {
        foreach (var file in prepared == folder ? [] : Directory.GetFiles(prepared, "*.db"))
        {
            // Down to the disk, or the system writes it there while something else is measured.
            var copied = Path.Combine(folder, Path.GetFileName(file));
            File.Copy(file, copied);
            using var copy = new FileStream(copied, FileMode.Open, FileAccess.ReadWrite);
            copy.Flush(flushToDisk: true);
        }
    }

    // A line for every tenth.
    private sealed class Steps(int whole) : IProgress<int>
    {
        private int tenth;

        public void Report(int value)
        {
            if ((long)value * 10 / whole > tenth)
            {
                tenth++;
                LoadBench.Say($"  {value:N0}");
            }
        }
    }
}
