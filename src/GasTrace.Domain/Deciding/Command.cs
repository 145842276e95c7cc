using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Domain.Deciding;

/// <summary>What all commands of a caller share: an origin, and the check of the request's shape.</summary>
/// <typeparam name="TReply">What the caller is answered.</typeparam>
public abstract class Command<TReply>(IMessage request, string requestId, string actorId) : ICommand<TReply>
{
    /// <inheritdoc />
    public string RequestId => Origin.RequestId;

    /// <inheritdoc />
    public ReadOnlyMemory<byte> RequestDigest => Origin.Digest.Memory;

    /// <summary>Where the request comes from.</summary>
    protected Origin Origin { get; } = Origin.Of(request, requestId, actorId);

    /// <inheritdoc />
    public abstract Rejection? Validate();

    /// <inheritdoc />
    public abstract void Name(CardSet cards);

    /// <inheritdoc />
    public abstract Decision Decide(CardSet cards, Moment now);

    /// <inheritdoc />
    public abstract TReply Reply(Event answer, long position);
}
