using System.Buffers;
using System.Security.Cryptography;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Domain.Deciding;

/// <summary>Where a request comes from and who signs for it.</summary>
/// <param name="RequestId">Chosen by the caller.</param>
/// <param name="Digest">Digest of the request.</param>
/// <param name="ActorId">Who signs.</param>
public readonly record struct Origin(string RequestId, ByteString Digest, string ActorId)
{
    /// <summary>Bytes of a request's digest that are kept: enough that no two requests of one id are confused.</summary>
    public const int DigestBytes = 16;

    /// <summary>What the service does by itself.</summary>
    public static readonly Origin Service = new(string.Empty, ByteString.Empty, "gastrace");

    /// <summary>The origin that a request states.</summary>
    public static Origin Of(IMessage request, string requestId, string actorId) => new(requestId, DigestOf(request), actorId);

    /// <summary>First bytes of SHA-256 over a message.</summary>
    public static ByteString DigestOf(IMessage message)
    {
        var length = message.CalculateSize();
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            message.WriteTo(bytes.AsSpan(0, length));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.AsSpan(0, length), hash);
            return ByteString.CopyFrom(hash[..DigestBytes]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>An event with its header filled in, still without a body.</summary>
    public Event Event(Moment now, string subject, string stationId = "", string region = "", string gas = "") => new()
    {
        RecordedAt = now.ToTimestamp(),
        RequestId = RequestId,
        RequestDigest = Digest,
        ActorId = ActorId,
        Subject = subject,
        StationId = stationId,
        Region = region,
        Gas = gas,
    };

    /// <summary>An event about a station's doings.</summary>
    public Event Event(Moment now, string subject, Station? station, string gas = "") =>
        Event(now, subject, station?.StationId ?? string.Empty, station?.Region ?? string.Empty, gas);
}
