using GasTrace.V1;

namespace GasTrace.Domain.Deciding;

/// <summary>A wish to change something, as a pure function of cards and time.</summary>
/// <typeparam name="TReply">What the caller is answered.</typeparam>
public interface ICommand<out TReply>
{
    /// <summary>Chosen by the caller; empty for what the service does by itself.</summary>
    string RequestId { get; }

    /// <summary>Digest of the request's content: the same id with another digest is another request.</summary>
    ReadOnlyMemory<byte> RequestDigest { get; }

    /// <summary>The first field of the request that breaks a rule; null when its shape is right.</summary>
    Rejection? Validate();

    /// <summary>Asks for the cards it needs, as far as they can be named from those loaded.</summary>
    void Name(CardSet cards);

    /// <summary>Decides. All cards named are loaded.</summary>
    Decision Decide(CardSet cards, Moment now);

    /// <summary>The answer that the entry at a position gives: now, and whenever the same request comes again.</summary>
    TReply Reply(Event answer, long position);
}
