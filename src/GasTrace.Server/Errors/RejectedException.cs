using GasTrace.Domain.Deciding;

namespace GasTrace.Server.Errors;

/// <summary>A request is not done for a reason of its own; becomes a status at the edge.</summary>
public sealed class RejectedException(Rejection rejection) : Exception(rejection.Message.English)
{
    /// <summary>Why.</summary>
    public Rejection Rejection => rejection;

    /// <summary>Goes on only where no rule is broken.</summary>
    /// <exception cref="RejectedException">One is.</exception>
    public static void ThrowIf(Rejection? broken)
    {
        if (broken is not null)
        {
            throw new RejectedException(broken);
        }
    }
}
