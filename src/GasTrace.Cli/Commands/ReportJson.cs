using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GasTrace.Cli.Demo;
using GasTrace.Cli.Rehearsal;

namespace GasTrace.Cli.Commands;

/// <summary>The tool's own reports as JSON, source-generated.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ImportSummary))]
[JsonSerializable(typeof(Ledger.Moving.LedgerDigest))]
[JsonSerializable(typeof(RehearsalReport))]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    // Chinese stays readable; the output goes to a terminal or a file, never into a page.
    private static readonly ReportJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>A report as one line.</summary>
    public static string Of<TReport>(TReport report) => JsonSerializer.Serialize(report, (JsonTypeInfo<TReport>)Readable.GetTypeInfo(typeof(TReport))!);
}
