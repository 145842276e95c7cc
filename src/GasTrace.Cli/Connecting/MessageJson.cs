using Google.Protobuf;

namespace GasTrace.Cli.Connecting;

/// <summary>Messages of the contract as JSON, in the standard mapping.</summary>
internal static class MessageJson
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static string Of(IMessage message) => Formatter.Format(message);
}
