using GasTrace.Domain.Deciding;

namespace GasTrace.Ledger.Storage;

/// <summary>The store cannot be reached, or failed: nothing was changed by the call. Try again.</summary>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The store cannot be opened: held by another process, damaged, of another kind, or newer than this program.</summary>
/// <param name="text">Why, for whoever operates the service.</param>
/// <param name="cause">What it was noticed by.</param>
public sealed class StoreStartException(Bilingual text, Exception? cause = null) : Exception(text.English, cause)
{
    /// <summary>Why, in both languages.</summary>
    public Bilingual Text => text;
}

/// <summary>The writer's queue is full. Try again a little later.</summary>
public sealed class LedgerBusyException() : Exception("The ledger's queue is full; try again.");

/// <summary>A decision lost to others again and again. Try again.</summary>
public sealed class ContentionException(string card)
    : Exception($"The state of '{card}' changed again and again while the request was decided; try again.");
