using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace GasTrace.Cli.Connecting;

/// <summary>What a service answers in place of a result, in the language of whoever uses the tool.</summary>
internal static class StatusText
{
    /// <summary>The whole of it, in a sentence.</summary>
    public static string Of(Status status) => Choose(status.GetDetail<LocalizedMessage>(), status.Message);

    /// <summary>The whole of it, in a sentence.</summary>
    public static string Of(RpcException error) => error.GetRpcStatus() is { } status ? Of(status) : error.Status.Detail;

    /// <summary>Each field at fault and the rule that it breaks; nothing when no field is.</summary>
    public static IEnumerable<string> FieldsOf(Status? status) =>
        status?.GetDetail<BadRequest>()?.FieldViolations.Select(violation => $"{violation.Field}: {Choose(violation.LocalizedMessage, violation.Description)}") ?? [];

    private static string Choose(LocalizedMessage? chinese, string english) =>
        Language.IsChinese && chinese?.Locale.StartsWith("zh", StringComparison.Ordinal) == true ? chinese.Message : english;
}
