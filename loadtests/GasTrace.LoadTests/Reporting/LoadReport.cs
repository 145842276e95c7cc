using GasTrace.LoadTests.Running;

namespace GasTrace.LoadTests.Reporting;

/// <summary>A measurement, what it is held against, and what it has to reach.</summary>
/// <param name="Measured">What was measured.</param>
/// <param name="Against">The baseline; empty where there is none.</param>
/// <param name="Figure">Its ratio to the baseline, or the figure that the aim speaks of; null where there is neither.</param>
/// <param name="Aim">What the figure has to reach; null where nothing is asked.</param>
internal sealed record LoadRow(Measurement Measured, string Against = "", double? Figure = null, Aim? Aim = null)
{
    /// <summary>Whether the aim is reached; null where there is none.</summary>
    public bool? Reached => Figure is { } figure && Aim is { } aim ? aim.IsReached(figure) : null;
}

/// <summary>What a figure has to reach.</summary>
/// <param name="AtLeast">The least, or null.</param>
/// <param name="AtMost">The most, or null.</param>
internal sealed record Aim(double? AtLeast, double? AtMost)
{
    public static Aim Least(double value) => new(value, null);

    public static Aim Most(double value) => new(null, value);

    public bool IsReached(double figure) => !(figure < AtLeast) && !(figure > AtMost);

    /// <inheritdoc />
    public override string ToString() => AtLeast is { } least ? $"at least {least:0.##}" : $"at most {AtMost:0.##}";
}

/// <summary>All that was measured in one run.</summary>
internal sealed record LoadReport(int Cylinders, int Callers, double Seconds, int Rounds, int Processors, IReadOnlyList<LoadRow> Rows, bool BooksBalance, string Books)
{
    public void Print()
    {
        Console.WriteLine($"{Cylinders:N0} cylinders, {Callers} callers, {Processors} processors for server and load together, {Seconds:F0} s a loop, medians of {Rounds}");
        Console.WriteLine($"{"",-34} {"per second",11} {"p50 ms",8} {"p99 ms",8} {"p99.9 ms",8} {"server µs",9} {"bytes",8} {"pause %",7} {"a commit",8} {"errors",6}  against");
        foreach (var row in Rows)
        {
            Print(row);
        }

        Console.WriteLine($"books: {Books}: {(BooksBalance ? "balance" : "DO NOT BALANCE")}");
    }

    private static void Print(LoadRow row)
    {
        var measured = row.Measured;
        var aim = row.Aim is null ? string.Empty : $" ({row.Aim}: {(row.Reached == true ? "reached" : "missed")})";
        var figure = row.Figure is { } value ? $"{value:0.00} {row.Against}{aim}" : row.Against;
        Console.WriteLine(
            $"{measured.Name,-34} {measured.PerSecond,11:N0} {Some(measured.P50Ms),8} {Some(measured.P99Ms),8} {Some(measured.P999Ms),8} {Some(measured.ServerCpuMicros),9} {measured.ServerBytes,8:#,#} {Some(measured.ServerPauseShare * 100),7} {measured.BatchUnits,8:#} {measured.Errors,6:#,#}  {figure}");
    }

    private static string Some(double value) => value == 0 ? string.Empty : value.ToString("N2", System.Globalization.CultureInfo.InvariantCulture);
}
