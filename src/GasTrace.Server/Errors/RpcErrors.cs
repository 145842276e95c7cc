using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;
using GasTrace.Server.Hosting;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace GasTrace.Server.Errors;

/// <summary>Every error as a gRPC status with details: what is wrong, in which field, and whether to try again.</summary>
public static class RpcErrors
{
    /// <summary>Domain of the reasons in google.rpc.ErrorInfo.</summary>
    public const string Domain = "gastrace.v1";

    // The message of a status is in English (AIP-193); the other language lies beside it.
    private const string Chinese = "zh-CN";

    /// <summary>A rejection as a status.</summary>
    public static Status ToStatus(Rejection rejection)
    {
        var status = NewStatus(
            rejection.Kind switch
            {
                RejectionKind.Invalid => StatusCode.InvalidArgument,
                RejectionKind.NotFound => StatusCode.NotFound,
                RejectionKind.AlreadyExists => StatusCode.AlreadyExists,
                _ => StatusCode.FailedPrecondition,
            },
            rejection.Message,
            rejection.Reason,
            ("field", rejection.Field),
            ("value", rejection.Value));
        if (rejection.Kind == RejectionKind.Invalid)
        {
            var bad = new BadRequest();
            bad.FieldViolations.Add(new BadRequest.Types.FieldViolation
            {
                Field = rejection.Field,
                Description = $"'{rejection.Value}' {rejection.Rule.English}",
                LocalizedMessage = InChinese($"'{rejection.Value}' {rejection.Rule.Chinese}"),
                Reason = rejection.Reason,
            });
            status.Details.Add(Any.Pack(bad));
        }

        return status;
    }

    /// <summary>What went wrong inside as a status; null when it is a fault of this program, to be logged as such.</summary>
    public static Status? ToStatus(Exception error) => error switch
    {
        LedgerBusyException => Retry(StatusCode.ResourceExhausted, new("账本的写入队列已满，请稍后重试。", error.Message), "QUEUE_FULL"),
        StoreUnavailableException => Retry(StatusCode.Unavailable, new("存储暂不可用，请稍后以同一请求重试。", error.Message), "STORE_UNAVAILABLE"),
        ContentionException => Retry(StatusCode.Aborted, new("判定期间相关状态一再变化，请重试。", error.Message), "CONTENTION"),
        _ => null,
    };

    /// <summary>The node is going down: connect again, elsewhere or a little later.</summary>
    public static Status ShuttingDown() => Retry(StatusCode.Unavailable, new("服务正在关闭，请重新连接。", "The server is shutting down; connect again."), "SERVER_SHUTTING_DOWN");

    /// <summary>A status that asks to try again.</summary>
    public static Status Retry(StatusCode code, Bilingual message, string reason)
    {
        var status = NewStatus(code, message, reason);
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(ServerLimits.RetryDelay) }));
        return status;
    }

    /// <summary>A status with a reason and facts.</summary>
    public static Status NewStatus(StatusCode code, Bilingual message, string reason, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        var info = new ErrorInfo { Reason = reason, Domain = Domain };
        foreach (var (name, value) in facts)
        {
            info.Metadata[name] = value;
        }

        var status = new Status { Code = (int)code, Message = message.English };
        status.Details.Add(Any.Pack(info));
        status.Details.Add(Any.Pack(InChinese(message.Chinese)));
        return status;
    }

    private static LocalizedMessage InChinese(string text) => new() { Locale = Chinese, Message = text };
}
