using ScottPlot;

namespace GasTrace.LoadTests.Reporting;

/// <summary>A report as a picture: how many a second on the left, the latencies on the right.</summary>
internal static class LoadChart
{
    private const int WidthPixels = 1_400;
    private const int HeightPixels = 700;

    public static void Save(LoadReport report, string path)
    {
        var chart = new Multiplot();
        chart.AddPlots(2);
        var rates = report.Rows.Where(row => row.Measured.PerSecond > 0).ToList();
        Bars(chart.GetPlot(0), $"a second, {report.Cylinders:N0} cylinders", rates, row => row.Measured.PerSecond, "N0");
        Bars(chart.GetPlot(1), "99th percentile, milliseconds", [.. report.Rows.Where(row => row.Measured.P99Ms > 0)], row => row.Measured.P99Ms, "0.#");
        chart.Layout = new ScottPlot.MultiplotLayouts.Columns();
        chart.SavePng(path, WidthPixels, HeightPixels);
    }

    private static void Bars(Plot plot, string title, List<LoadRow> rows, Func<LoadRow, double> figure, string format)
    {
        // The first row on top.
        var bars = rows.Select((row, i) => new Bar { Position = rows.Count - i, Value = figure(row), Label = figure(row).ToString(format, System.Globalization.CultureInfo.InvariantCulture), Orientation = Orientation.Horizontal }).ToArray();
        plot.Add.Bars(bars).Horizontal = true;
        plot.Axes.Left.SetTicks([.. bars.Select(bar => bar.Position)], [.. rows.Select(row => row.Measured.Name)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Margins(left: 0, right: 0.2);
        plot.Title(title);
    }
}
