using GasTrace.Domain.Deciding;
using GasTrace.Server.Hosting;
using GasTrace.V1;

namespace GasTrace.Server.Supervision;

/// <summary>What holds for a subscription: as asked, clamped, defaults filled in.</summary>
/// <param name="BatchEntriesMax">Most entries in a message.</param>
/// <param name="BatchBytesMax">Most bytes of entries in a message.</param>
/// <param name="Heartbeat">Time between heartbeats.</param>
public sealed record SubscriptionTerms(int BatchEntriesMax, int BatchBytesMax, TimeSpan Heartbeat)
{
    /// <summary>The terms that a request asks for.</summary>
    public static SubscriptionTerms Of(SubscribeRequest request) => new(
        request.BatchEntriesMax == 0 ? ServerLimits.BatchEntriesDefault : Math.Clamp(request.BatchEntriesMax, 1, ServerLimits.BatchEntriesMax),
        request.BatchBytesMax == 0 ? ServerLimits.BatchBytesDefault : Math.Clamp(request.BatchBytesMax, ServerLimits.BatchBytesMin, ServerLimits.BatchBytesMax),
        request.Heartbeat is { } asked
            ? TimeSpan.FromSeconds(Math.Clamp(asked.Seconds + (asked.Nanos / 1e9), ServerLimits.HeartbeatMin.TotalSeconds, ServerLimits.HeartbeatMax.TotalSeconds))
            : ServerLimits.HeartbeatDefault);

    /// <summary>The first rule that a request breaks, or null.</summary>
    public static Rejection? Validate(SubscribeRequest request) => Must.All(
        request.StartCase switch
        {
            SubscribeRequest.StartOneofCase.NextPosition => Must.BeWithin("next_position", request.NextPosition, 0, long.MaxValue),
            SubscribeRequest.StartOneofCase.Cursor => BeCursor("cursor", request.Cursor),
            SubscribeRequest.StartOneofCase.RecordedSince => Must.BeTimeOrEmpty("recorded_since", request.RecordedSince),
            SubscribeRequest.StartOneofCase.Edge => Must.BeNamed("edge", request.Edge),
            _ => null,
        },
        EntryMatcher.Validate(request.Filter),
        Must.BeIdOrEmpty("ledger_id", request.LedgerId));

    /// <summary>The name of a cursor.</summary>
    public static Rejection? BeCursor(string field, string name) =>
        name.Length is >= 1 and <= Must.IdLengthMax && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-')
            ? null
            : Rejection.Invalid(field, name, new("须为 1 至 64 个字符：A-Za-z0-9._-", "must be 1 to 64 characters of A-Za-z0-9._-"));
}
