using System.Text.Json.Serialization;

namespace GasTrace.LoadTests;

/// <summary>What is to be measured.</summary>
internal sealed record LoadSettings(IReadOnlyList<string> Scenarios, int Cylinders, TimeSpan Window, int Callers, int Stations, int Nodes, string? Prepared);

/// <summary>A measurement against its baseline.</summary>
internal sealed record LoadRow(Measurement Measured, string Baseline, double Ratio);

/// <summary>All that was measured in one run.</summary>
internal sealed record LoadReport(int Cylinders, int Callers, double Seconds, int Processors, IReadOnlyList<Measurement> Baselines, IReadOnlyList<LoadRow> Rows, bool BooksBalance, string Books)
{
    public void Print()
    {
        Console.WriteLine($"{Cylinders:N0} cylinders, {Callers} callers, {Processors} processors, {Seconds:F0} s a phase, everything on this machine");
        Console.WriteLine($"{"",-22} {"per second",12} {"p50 ms",9} {"p99 ms",9} {"p99.9 ms",9} {"errors",7} {"bytes",8}  ratio");
        foreach (var baseline in Baselines)
        {
            Print(baseline, string.Empty);
        }

        foreach (var row in Rows)
        {
            Print(row.Measured, row.Baseline.Length == 0 ? string.Empty : $"{row.Ratio:F2} of {row.Baseline}");
        }

        Console.WriteLine($"books: {Books}: {(BooksBalance ? "balance" : "DO NOT BALANCE")}");
    }

    private static void Print(Measurement measured, string ratio) => Console.WriteLine(
        $"{measured.Name,-22} {measured.PerSecond,12:N0} {measured.P50Ms,9:F2} {measured.P99Ms,9:F2} {measured.P999Ms,9:F2} {measured.Errors,7} {measured.AllocatedBytes,8:N0}  {ratio}");
}

/// <summary>Reports as JSON, source-generated.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class LoadJson : JsonSerializerContext;
