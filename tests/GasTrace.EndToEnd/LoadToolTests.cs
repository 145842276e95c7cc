using System.Diagnostics;
using System.Text.Json;

namespace GasTrace.EndToEnd;

/// <summary>The load tests themselves, so small that figures mean nothing: they run, count what they say they count, and their books balance.</summary>
public sealed class LoadToolTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-e2e-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Every_answer_of_a_load_is_in_the_ledger_and_each_phase_reports()
    {
        var output = Path.Combine(folder.FullName, "result.json");
        var (exitCode, text) = await RunAsync(
            "--scenario", "scan", "station", "mixed", "follow", "recall",
            "--cylinders", "1000", "--callers", "16", "--stations", "4", "--seconds", "1", "--warm-up", "1", "--rounds", "1", "--out", output);
        Assert.True(exitCode == 0, text);
        Assert.Contains("balance", text, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(output));
        Assert.True(report.RootElement.GetProperty("books_balance").GetBoolean());
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("measured")).ToList();
        foreach (var name in (string[])["health check", "scan", "raw inserts", "station", "station scan", "mixed"])
        {
            var measured = Assert.Single(rows, row => row.GetProperty("name").GetString() == name);
            Assert.True(measured.GetProperty("per_second").GetDouble() > 0, name);
            Assert.Equal(0, measured.GetProperty("errors").GetInt64());
        }

        Assert.All((string[])["scan", "station", "raw inserts"], name => Assert.InRange(
            rows.Single(row => row.GetProperty("name").GetString() == name).GetProperty("batch_units").GetDouble(), 1, 16));
    }

    [Theory]
    [InlineData("--cylinders is 99; it must be 100 or more.", "--cylinders", "99")]
    [InlineData("--minutes is 0.2; it must be 1 or more.", "soak", "--minutes", "0.2")]
    [InlineData("--rate is 0; it must be 1 or more.", "soak", "--rate", "0")]
    [InlineData("--sizes has 7; each must be 100 or more.", "scale", "--sizes", "1000", "7")]
    [InlineData("--sizes has 0; each must be 100 or more.", "scale", "--sizes", "0", "1000")]
    [InlineData("--sizes has one size; it must have two or more.", "scale", "--sizes", "1000", "1000")]
    [InlineData("--entries has one length; it must have two or more.", "scale", "--entries", "1000")]
    [InlineData("--sizes and --entries are two runs: give one of them.", "scale", "--entries", "1000", "2000", "--sizes", "1000", "2000")]
    public async Task A_figure_that_makes_no_sense_is_refused_by_name(string error, params string[] arguments)
    {
        var (exitCode, text) = await RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains(error, text, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "GasTrace.LoadTests"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await error + await output);
    }
}
