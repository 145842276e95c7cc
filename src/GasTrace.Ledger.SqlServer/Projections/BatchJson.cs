using System.Text.Json;
using System.Text.Json.Serialization;
using GasTrace.Ledger.Projecting;

namespace GasTrace.Ledger.SqlServer.Projections;

/// <summary>A batch's rows as the JSON that <c>apply_projection</c> reads.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(ProjectedBatch))]
internal sealed partial class BatchJson : JsonSerializerContext
{
    /// <summary>The JSON of a batch.</summary>
    public static string Of(ProjectedBatch batch) => JsonSerializer.Serialize(batch, Default.ProjectedBatch);
}
